"""What a source reads with: Graph, plain downloads, and the settings that say where."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from adapters.graph.client import GraphClient
from adapters.sources.downloads import Downloads
from adapters.sources.pace import Pace


@dataclass(frozen=True, slots=True)
class Reach:
    """What every source is given."""

    graph: GraphClient
    downloads: Downloads = field(default_factory=Downloads)
    catalog_url: str | None = None
    """Where Microsoft's table of products is; without it the shipped one has to do."""
    reports: Pace = field(default_factory=Pace)
    """Before each request of which Graph takes few."""


def moment(value: object) -> datetime | None:
    """Return when, to the second, in UTC; None where it cannot be read."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return found.replace(microsecond=0)


def day(text: str) -> date | None:
    """Return the day in a report's cell; None where it is empty or no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
