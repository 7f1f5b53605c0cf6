"""Overtaken: who would be revoked on a snapshot that something newer is known of.

A notification may have come since the inventory was begun, or so shortly before that the inventory
shows no trace of what it told of. Whether a close-up has followed it, is waiting, or was lost does
not matter: one that found a person to be right as she is has written nothing. So whoever was told
of is read afresh, and keeps what she would lose by the snapshot alone.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import timedelta

from domain.concurrency import both
from domain.decision.difference import Difference, differences_of
from domain.decision.known import Known
from domain.errors import SeatflowError
from domain.inventory.snapshot import LAG, Snapshot
from domain.jobs.gather import Ground
from domain.jobs.replies import lay_replies
from domain.jobs.wanted import look_at
from domain.ports import Ports
from domain.watching.closeup import close_up
from domain.watching.notice import Moved, moved

BEFORE = LAG + timedelta(minutes=8)
"""What was told so long before an inventory counts as well: it may have been followed late, by a
look that saw more than the inventory does, as that lags."""

MOST = 1_000
"""People who are read afresh in one compile; reading them takes some seconds. More are left to the
next one."""


async def without_overtaken(
    ports: Ports,
    ground: Ground,
    known: Mapping[str, Known],
    differences: Sequence[Difference],
    snapshot: Snapshot,
) -> dict[str, Known]:
    """Return what is known of each bundle, with whom it must not be taken from on this snapshot.

    Raises:
        Later: the storage cannot answer now.
    """
    after = dict(known)
    if not any(len(one.leaving) for one in differences):
        return after
    told = await _told(ports, snapshot)
    leaving = {one.bundle.id: _leaving(one, told, snapshot) for one in differences}
    people = sorted(frozenset().union(*leaving.values()))
    if not people:
        return after
    sure = await _leaving_afresh(ports, ground, known, people, snapshot)
    for id, some in leaving.items():
        after[id] = replace(after[id], overtaken=some - sure.get(id, frozenset()))
    return after


async def _told(ports: Ports, snapshot: Snapshot) -> Moved:
    """Return what was told of lately; members that are groups are among the groups."""
    told = moved(await ports.notices.since(snapshot.taken_at - BEFORE))
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
        _note(ports, ids, str(error))
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
    people: Sequence[str],
    snapshot: Snapshot,
) -> Mapping[str, frozenset[str]]:
    """Return who is to leave each bundle by a look at them now, too; nobody, if there is none."""
    try:
        if len(people) > MOST:
            _note(ports, people, f"These are more than {MOST}.")
            return {}
        seen = await _read(ports, ground, people, snapshot)
    except SeatflowError as error:
        _note(ports, people, str(error))
        return {}
    found, _ = differences_of(ground.bundles, known, seen, ground.terms, ports.clock.now())
    return {one.bundle.id: frozenset(seen.people.names(one.leaving)) for one in found}


async def _read(
    ports: Ports, ground: Ground, people: Sequence[str], snapshot: Snapshot
) -> Snapshot:
    began = ports.clock.now()
    named = {group for bundle in ground.bundles for group in bundle.groups()}
    look = look_at(ports, people, ground.bundles)
    views, groups = await both(look, ports.directory.find_groups(named))
    present = [view for view in views.values() if view is not None]
    seen = close_up(present, groups, snapshot.products, began)
    return await lay_replies(ports, ground.bundles, ground.terms.tenant, seen)


def _note(ports: Ports, people: Collection[str], reason: str) -> None:
    ports.log.note("revokes.unread", people=len(people), reason=reason)
