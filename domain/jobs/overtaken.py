"""Overtaken: who would be revoked on a snapshot that something newer is known of.

A notification may have come since the inventory was begun, or so shortly before that the inventory
shows no trace of what it told of. Whether a close-up has followed it, is waiting, or was lost does
not matter: one that found a person to be right as she is has written nothing. So whoever was told
of is read afresh, and keeps what she would lose by the snapshot alone.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from domain.concurrency import both
from domain.decision.difference import Difference, differences_of
from domain.decision.known import Known
from domain.errors import SeatflowError
from domain.inventory.snapshot import LAG, Snapshot
from domain.jobs.gather import Ground
from domain.jobs.looks import Looks
from domain.jobs.replies import lay_replies
from domain.ports import Ports
from domain.watching.closeup import close_up
from domain.watching.notice import Moved, Notice, moved

BEFORE = LAG + timedelta(minutes=8)
"""What was told so long before an inventory counts as well: it may have been followed late, by a
look that saw more than the inventory does, as that lags."""


async def without_overtaken(
    ports: Ports,
    ground: Ground,
    known: Mapping[str, Known],
    differences: Sequence[Difference],
    snapshot: Snapshot,
    looks: Looks,
) -> dict[str, Known]:
    """Return what is known of each bundle, with whom it must not be taken from on this snapshot.

    Args:
        looks: at people, in this compile; takes those that are new.

    Raises:
        Later: the storage cannot answer now.
    """
    after = dict(known)
    if not any(len(one.leaving) for one in differences):
        return after
    notices = await ports.notices.since(snapshot.taken_at - BEFORE)
    told = await _told(ports, notices, snapshot)
    leaving = {one.bundle.id: _leaving(one, told, snapshot) for one in differences}
    people = frozenset().union(*leaving.values())
    if not people:
        return after
    looks.forget(await _told_since(ports, looks.at, notices, differences, snapshot))
    sure = await _leaving_afresh(ports, ground, known, people, snapshot, looks, told)
    for id, some in leaving.items():
        after[id] = replace(after[id], overtaken=some - sure.get(id, frozenset()))
    return after


async def overtaken_since(
    ports: Ports, at: datetime, differences: Sequence[Difference], snapshot: Snapshot
) -> frozenset[str]:
    """Return who would leave a bundle and was told of from a moment on.

    Raises:
        Later: the storage cannot answer now.
    """
    if not any(len(one.leaving) for one in differences):
        return frozenset()
    return await _told_since(ports, at, await ports.notices.since(at), differences, snapshot)


async def _told_since(
    ports: Ports,
    at: datetime | None,
    notices: Iterable[Notice],
    differences: Sequence[Difference],
    snapshot: Snapshot,
) -> frozenset[str]:
    told = [notice for notice in notices if at and notice.at >= at]
    if not told:
        return frozenset()
    since = await _told(ports, told, snapshot)
    return frozenset().union(*(_leaving(each, since, snapshot) for each in differences))


async def _told(ports: Ports, notices: Iterable[Notice], snapshot: Snapshot) -> Moved:
    """Return what was told of; members that are groups are among the groups."""
    told = moved(notices)
    members = {each.id for each in told.members}
    unknown = members - set(snapshot.people.names(snapshot.people.rows(list(members))))
    nested = unknown & snapshot.groups.keys()
    if others := unknown - nested:
        nested |= await _groups_among(ports, others)
    outer = {each.group for each in told.members if each.id in nested}
    return replace(told, people=told.people | members, groups=told.groups | outer)


async def _groups_among(ports: Ports, ids: Set[str]) -> Set[str]:
    """Return which of them are groups; all may be where nobody can tell now."""
    try:
        return (await ports.directory.find_groups(ids)).keys()
    except SeatflowError as error:
        _note(ports, len(ids), str(error))
        return ids


def _leaving(difference: Difference, told: Moved, snapshot: Snapshot) -> frozenset[str]:
    """Return who would leave a bundle and was told of, or whose group was."""
    leaving = frozenset(snapshot.people.names(difference.leaving))
    sources = frozenset(difference.bundle.policy.source_groups()) if leaving else frozenset()
    inside = frozenset().union(*map(snapshot.memberships.inner, sources))
    return leaving if told.groups & (sources | inside) else leaving & told.people


async def _leaving_afresh(
    ports: Ports,
    ground: Ground,
    known: Mapping[str, Known],
    people: Set[str],
    snapshot: Snapshot,
    looks: Looks,
    told: Moved,
) -> Mapping[str, frozenset[str]]:
    """Return who is to leave each bundle by a look at them now, too; nobody, if there is none."""
    began = ports.clock.now()
    named = {group for bundle in ground.bundles for group in bundle.groups()}
    try:
        looking = looks.at_all(ports, people, ground.bundles, snapshot, told)
        views, groups = await both(looking, ports.directory.find_groups(named))
        seen = close_up(views, groups, snapshot.products, began)
        seen = await lay_replies(ports, ground.bundles, ground.terms.tenant, seen)
    except SeatflowError as error:
        _note(ports, len(people), str(error))
        return {}
    found, _ = differences_of(ground.bundles, known, seen, ground.terms, ports.clock.now())
    return {one.bundle.id: frozenset(seen.people.names(one.leaving)) for one in found}


def _note(ports: Ports, people: int, reason: str) -> None:
    ports.log.note("revokes.unread", people=people, reason=reason)
