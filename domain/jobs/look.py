"""Look: which of the snapshots that are kept is meant, and how two of them differ."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from domain.attributes import MANAGER, canonical
from domain.errors import Never
from domain.inventory.reading import as_read_by
from domain.inventory.row_diff import KindDiff, compare_rows
from domain.inventory.snapshot import Snapshot
from domain.inventory.snapshot_diff import USUAL, SnapshotDiff, compare
from domain.jobs.wanted import tenant_of
from domain.mapping import is_mapped
from domain.ports import KeptSnapshot, Ports

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two snapshots and what is different."""

    before: KeptSnapshot
    after: KeptSnapshot
    diff: SnapshotDiff
    """Of people and memberships."""
    kinds: tuple[KindDiff, ...] = ()
    """Of the other kinds of a snapshot."""


async def diff(
    ports: Ports, before: str, after: str, attributes: str | None, group: str | None
) -> Compared:
    """Compare two snapshots.

    Args:
        attributes: divided by commas, as rules name them, mapped ones included.
        group: compare the members of this group alone.

    Raises:
        Never: there is no such snapshot, or no such attribute.
    """
    (one, then), (other, now) = (
        await snapshot_named(ports, before),
        await snapshot_named(ports, after),
    )
    tenant = await tenant_of(ports)
    named = [each.strip() for each in (attributes or "").split(",") if each.strip()]
    found = await asyncio.to_thread(
        compare,
        as_read_by(tenant, then),
        as_read_by(tenant, now),
        [attribute_named(each) for each in named] or USUAL,
        None if group is None else [group],
    )
    return Compared(one, other, found, await asyncio.to_thread(compare_rows, then, now))


def attribute_named(text: str) -> str:
    """Return an attribute as rules name it, in its own spelling.

    Raises:
        Never: there is none of this name.
    """
    name = text.lower() if is_mapped(text.lower()) else canonical(text)
    if text.lower() == MANAGER:
        return MANAGER
    if name is None:
        raise Never(f"There is no attribute {text!r}.", "docs/rules.md lists those there are.")
    return name


async def snapshot_named(ports: Ports, name: str) -> tuple[KeptSnapshot, Snapshot]:
    """Return the snapshot that is meant by an id, by `latest`, or by a date or a moment: then the
    last one that was begun until then.

    Raises:
        Never: there is no such snapshot.
    """
    kept = await ports.warehouse.snapshots()
    if not kept:
        raise Never("There is no inventory yet.", "`seatflow run` takes one.")
    meant = _meant(kept, name)
    snapshot = await ports.warehouse.snapshot(meant.id) if meant else None
    if meant is None or snapshot is None:
        raise Never(
            f"There is no snapshot {name!r}.",
            f"The oldest is {kept[-1].id}, the latest {kept[0].id}.",
        )
    return meant, snapshot


def _meant(kept: Sequence[KeptSnapshot], name: str) -> KeptSnapshot | None:
    if name == LATEST:
        return kept[0]
    if exact := [one for one in kept if one.id == name]:
        return exact[0]
    until = _moment(name)
    return next((one for one in kept if until and one.taken_at <= until), None)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == len("2026-11-02"):
        found = datetime.combine(found, time.max)  # a date means its end
    return found if found.tzinfo else found.replace(tzinfo=UTC)
