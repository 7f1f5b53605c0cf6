"""Undo: turn round what a run did, through the same compile and the same guards."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.chain import Entry, Kind, Line, LineState, read
from domain.decision.difference import Difference
from domain.decision.known import Known
from domain.decision.undoing import Undoing, changes_of, undoing, without_direct
from domain.errors import Held, SeatflowError
from domain.jobs.gather import know
from domain.jobs.names import names_of
from domain.jobs.request import request_run
from domain.ports import Ports


@dataclass(frozen=True, slots=True)
class Undo:
    """What undoing a run comes to."""

    undone: str
    """The run that is undone."""
    run: str
    """The id to follow what comes of it by; empty where this is only shown."""
    bundles: tuple[Undoing, ...]
    """Those in which the run changed something."""
    names: Mapping[str, str] = field(default_factory=dict)
    """User principal names by id."""


@dataclass(frozen=True, slots=True)
class UndoEnded:
    """An undoing that somebody ended."""

    undone: str
    """The run that is undone no more."""
    run: str
    """The id to follow what comes of it by."""
    changes: int
    """How many are turned round no more."""


async def preview_undo(ports: Ports, run: str) -> Undo | None:
    """Say what undoing a run comes to; None where the history tells of no change it made.

    Raises:
        Never: the history was tampered with.
    """
    found = await _undoings(ports, run, "")
    return await _told(ports, found, run, "") if found else None


async def undo(ports: Ports, run: str, by: str, because: str, new_run: str) -> Undo | None:
    """Lay over the policy that what a run did is turned round, and compile.

    The plans that come of it pass the guards like any other, so they may be held. None where the
    history tells of no change that the run made.

    Args:
        run: whose changes to undo, of every bundle.
        because: shown wherever someone's entitlement is explained.
        new_run: the id under which everything is compiled.

    Raises:
        Held: nothing of what the run did still stands.
        Conflict: a compile is writing about one of the bundles; try again.
        Never: the history was tampered with.
    """
    found = await _undoings(ports, run, f"run {run} was undone by {by}: {because}")
    if not found:
        return None
    turned = [each for each in found if each.turned]
    if not turned:
        raise Held(
            f"Nothing of run {run} is left to undo: something newer was decided about everyone it"
            " concerned, or they would be left with no license at all. `seatflow ledger show` tells"
            " what."
        )
    for each in turned:
        await _lay_over(ports, each, by, because)
    await request_run(ports, new_run)
    return await _told(ports, found, run, new_run)


async def end_undoing(ports: Ports, run: str, by: str, because: str, new_run: str) -> UndoEnded:
    """Leave the people for whom a run was undone to policy again.

    Args:
        because: why, if there is something to say.

    Raises:
        Held: the run was not undone, or policy has long come to the same.
        Conflict: a compile is writing about one of the bundles; try again.
    """
    count = 0
    for stored in await ports.bundles.all():
        known = await know(ports, stored.bundle)
        people = {person for person, each in known.undone.items() if each.run == run}
        if people:
            await end_undone(ports, known, people, by, because)
            count += len(people)
    if not count:
        raise Held(
            f"Nothing of run {run} is undone now. `seatflow status` names the runs that are."
        )
    await request_run(ports, new_run)
    return UndoEnded(run, new_run, count)


async def end_undone(
    ports: Ports, known: Known, people: Collection[str], by: str = "", because: str = ""
) -> Known:
    """Leave people to policy again, to which it comes by itself, or as somebody says."""
    left = {person: each for person, each in known.undone.items() if person not in people}
    detail = f"No longer undone, says {by}." if by else "Policy has come to the same."
    detail = f"{detail} {because}".strip()
    await _tell(ports, known.bundle.id, sorted(people), detail, by)
    await ports.ledger.undo(known.bundle.id, (), sorted(people))
    head = await ports.ledger.keep_head(replace(known.head, undone=len(left)))
    return replace(known, undone=left, head=head)


async def follow_policy(
    ports: Ports, known: Mapping[str, Known], differences: Iterable[Difference]
) -> dict[str, Known]:
    """Leave people to policy again as far as it has come to that; return what is known then.

    Args:
        differences: of bundles whose plan no guard holds, so that its sources are believed.
    """
    after = dict(known)
    for each in differences:
        mine = after[each.bundle.id]
        try:
            if each.basis:
                basis = [replace(mine.undone[one], basis=said) for one, said in each.basis.items()]
                await ports.ledger.undo(each.bundle.id, basis, ())
            if each.agreed:
                after[each.bundle.id] = await end_undone(ports, mine, each.agreed)
        except SeatflowError as error:
            ports.log.note("undo.failed", bundle=each.bundle.id, reason=str(error))
    return after


async def _undoings(ports: Ports, run: str, reason: str) -> list[Undoing]:
    return [
        each
        for stored in await ports.bundles.all()
        if (each := await _undoing(ports, await know(ports, stored.bundle), run, reason))
    ]


async def _told(ports: Ports, found: Sequence[Undoing], run: str, new_run: str) -> Undo:
    turned = {one.person for each in found for one in each.turned}
    left = {person for each in found for person in each.decided_since}
    return Undo(run, new_run, tuple(found), await names_of(ports, turned | left))


async def _undoing(ports: Ports, known: Known, run: str, reason: str) -> Undoing | None:
    bundle = known.bundle.id
    entries = [read(sealed) async for sealed in ports.ledger.entries(bundle)]
    changes = changes_of(entries, run)
    if not changes:
        return None
    known = replace(known, rows=await ports.ledger.rows(bundle, sorted(changes)))
    rows = {person: row for person in changes if (row := known.row(person))}
    since = ports.clock.now().isoformat(timespec="seconds")
    alone = without_direct(entries, run)
    return undoing(bundle, changes, rows, run, (since, reason), alone)


async def _lay_over(ports: Ports, each: Undoing, by: str, because: str) -> None:
    """Write the head that says there are some, which may be refused, and then the people.

    A number that is too large is put right by the next compile.
    """
    people = [one.person for one in each.turned]
    head = (await ports.ledger.standing(each.bundle)).head
    await ports.ledger.keep_head(replace(head, undone=head.undone + len(people)))
    await _tell(ports, each.bundle, people, f"Undone: {because}", by)
    await ports.ledger.undo(each.bundle, each.turned, ())
    ports.log.note("run.undone", bundle=each.bundle, people=len(people))


async def _tell(ports: Ports, bundle: str, people: Sequence[str], detail: str, by: str) -> None:
    lines = tuple(Line(person, LineState.UNDONE, detail=detail) for person in people)
    await ports.ledger.note(Entry(bundle, Kind.NOTED, ports.clock.now(), lines, by=by))
