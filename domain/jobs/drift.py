"""Drift: notice, and tell, who came into a target or left it by someone else's hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import numpy as np

from domain.chain import Entry, Kind, Line, LineState, read
from domain.change import Action
from domain.concurrency import each
from domain.decision.drift import UNKNOWN, Drift, drift, ids_in, lines_of, rows_of
from domain.decision.known import Known
from domain.errors import SeatflowError
from domain.inventory.snapshot import LAG, Snapshot
from domain.jobs.gather import chosen
from domain.jobs.ledger import History, tell
from domain.jobs.names import names_of
from domain.ports import MembershipLog, Ports
from domain.quoted import without_quoted

_CAME = (LineState.JOINED, LineState.FOUND)
_WENT = (LineState.LEFT, LineState.GONE)


async def note_drift(
    ports: Ports, known: Mapping[str, Known], snapshot: Snapshot, run: str
) -> dict[str, Known]:
    """Compare every target with how it was at the last inventory; return what is known then.

    A bundle whose drift cannot be noted now is compiled all the same, and looked at next time. The
    heads are for the caller to write, with what else changes in them; until then the same is
    compared again.
    """

    async def note(bundle: Known) -> Known:
        try:
            return await _note(ports, bundle, snapshot, run)
        except SeatflowError as error:
            id = bundle.bundle.id
            ports.log.note("drift.failed", bundle=id, run=run, reason=str(error))
            return bundle

    return {bundle.bundle.id: bundle for bundle in await each(note, known.values())}


async def drifted(
    ports: Ports, bundle: str | None = None, since: str | None = None, found: bool | None = None
) -> History:
    """Return who came into targets or left them by someone else's hand, and when that was seen.

    Args:
        since: a date or moment.
        found: tell of those, too, who were inside when Seatflow first looked.

    Raises:
        Never: an entry cannot be read, or there is no such bundle.
    """
    states = {LineState.JOINED, LineState.LEFT} | ({LineState.FOUND} if found else set())
    bundles = [one.id for one in await chosen(ports, bundle)]
    told = await tell(ports, bundles, lambda line: line.state in states, since=since)
    by = {id for line in told.lines for id in ids_in(line.detail)}
    return replace(told, names={**told.names, **await names_of(ports, by)})


async def _note(ports: Ports, known: Known, snapshot: Snapshot, run: str) -> Known:
    """Write down what differs; the members are kept only after that, so nothing is missed."""
    target = known.bundle.target.group
    if target not in snapshot.groups:
        return known
    rows = np.sort(snapshot.memberships.direct(target))
    seen = sha256(snapshot.people.ids[rows].tobytes()).hexdigest()[:32]
    if (known.head.seen, known.head.seen_number) == (seen, known.number):
        return known
    now = frozenset(snapshot.people.names(rows))
    before = await ports.warehouse.seen(known.bundle.id)
    if before is None:
        lines = [Line(person, LineState.FOUND) for person in sorted(now)]
        await _write(ports, known, lines, Drift(), run)
    else:
        before = await _told_since(ports, known, before)
        await _compare(ports, known, snapshot, before, now, run)
    if known.head.seen != seen or before is None:
        await ports.warehouse.see(known.bundle.id, now)
    head = replace(known.head, seen=seen, seen_at=snapshot.taken_at, seen_number=known.number)
    return replace(known, head=head)


async def _told_since(ports: Ports, known: Known, seen: frozenset[str]) -> frozenset[str]:
    """Return who was in as far as the history tells, since the members were last looked at.

    Someone whom we put in may have been taken out again before any inventory saw her; and who died
    before the head said that the members were looked at had told of them already.
    """
    inside, given = set(seen), set[str]()
    async for sealed in ports.ledger.entries(known.bundle.id, known.head.seen_number):
        for line in read(sealed).lines:
            if line.state in _CAME:
                inside.add(line.person)
            elif line.state in _WENT:
                inside.discard(line.person)
                given.discard(line.person)
            elif line.state == LineState.APPLIED:
                (given.add if line.action is Action.GRANT else given.discard)(line.person)
    return frozenset(inside | given)


async def _compare(
    ports: Ports,
    known: Known,
    snapshot: Snapshot,
    before: frozenset[str],
    now: frozenset[str],
    run: str,
) -> None:
    moved = sorted(before ^ now)
    gone = frozenset(one for one in before - now if not len(snapshot.people.rows([one])))
    looked_up = replace(known, rows=await ports.ledger.rows(known.bundle.id, moved))
    found = drift(before, now, looked_up, gone, snapshot.taken_at - LAG)
    if not found:
        return
    log: Sequence[MembershipLog] = ()
    unknown = UNKNOWN
    if found.joined or found.left:
        log, unknown = await _log(ports, known, known.head.seen_at or snapshot.taken_at)
    await _write(ports, looked_up, lines_of(found, log, unknown), found, run)
    ports.log.note(
        "drift.noticed",
        bundle=known.bundle.id,
        run=run,
        joined=len(found.joined),
        left=len(found.left),
    )


async def _log(ports: Ports, known: Known, since: datetime) -> tuple[Sequence[MembershipLog], str]:
    """Return what the audit log says, or nothing and why; it may be forbidden to us."""
    try:
        return await ports.directory.membership_log(known.bundle.target.group, since), UNKNOWN
    except SeatflowError as error:
        return (), f"{UNKNOWN}: {without_quoted(str(error))}"


async def _write(ports: Ports, known: Known, lines: Sequence[Line], found: Drift, run: str) -> None:
    if not lines:
        return
    entry = Entry(known.bundle.id, Kind.NOTED, ports.clock.now(), tuple(lines), run=run, cause=run)
    await ports.ledger.note(entry, rows_of(found, known, lines))
