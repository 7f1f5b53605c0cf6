"""What people write, with history: the latest version in one row, and each version in its own.

Both rows are one write, so that whatever is in force is in the history, with who wrote it and when.
"""

from dataclasses import dataclass
from datetime import datetime

from azure.data.tables import TableEntity
from pydantic import ValidationError

from adapters.tables.packing import gather, spread
from adapters.tables.table import Write, clip, guarded, version_of
from domain.errors import Never
from domain.fact import Fact

MAX_JSON = 120_000
"""Characters of one version; its two rows always fit one transaction."""

_LAST = 10**9


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the versions of one thing stand, and how people call it."""

    name: str
    latest: str
    """A row."""
    versions: str
    """How the rows of all versions begin, the newest first."""
    text: str
    """The property with the JSON."""
    shorten: str
    """What to do when it is too long."""


@dataclass(frozen=True, slots=True)
class Version[F: Fact]:
    """One version of something people write."""

    content: F
    number: int
    at: datetime
    by: str


def read_version[F: Fact](kind: type[F], shelf: Shelf, entity: TableEntity) -> Version[F]:
    """Return the version in a row.

    Raises:
        Never: an older Seatflow stored what makes no sense to this one.
    """
    try:
        content = kind.model_validate_json(gather(entity, shelf.text))
    except ValidationError as error:
        reason = f"What is stored in row {entity['RowKey']} makes no sense any more: {error}"
        raise Never(reason, "Store it again.") from None
    return Version(content, entity["version"], datetime.fromisoformat(entity["at"]), entity["by"])


def standing_version[F: Fact](
    content: F, shelf: Shelf, latest: TableEntity | None
) -> Version[F] | None:
    """Return the latest version where it says the same; what makes no sense any more does not."""
    if latest is None:
        return None
    try:
        version = read_version(type(content), shelf, latest)
    except Never:
        return None
    return version if version.content == content else None


def next_version[F: Fact](
    content: F, latest: TableEntity | None, by: str, at: datetime
) -> Version[F]:
    """Return the version that follows."""
    return Version(content, latest["version"] + 1 if latest else 1, at, by)


def version_writes[F: Fact](
    version: Version[F], shelf: Shelf, latest: TableEntity | None
) -> list[Write]:
    """Return what storing a version writes.

    Raises:
        Never: it is too long.
    """
    text = version.content.model_dump_json()
    if len(text) > MAX_JSON:
        raise Never(
            f"{shelf.name} takes {len(text)} characters, and {MAX_JSON} can be stored.",
            shelf.shorten,
        )
    values = {
        **spread(shelf.text, text),
        "version": version.number,
        "at": version.at.isoformat(),
        "by": clip(version.by),
    }
    return [
        guarded(shelf.latest, values, version_of(latest) if latest else ""),
        Write("insert", f"{shelf.versions}{_LAST - version.number:09d}", values),
    ]
