"""Undo: turn round what a run did, through the same compile and the same guards."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from domain.chain import Entry, Kind, Line, LineState, read
from domain.errors import Held
from domain.jobs.gather import know
from domain.jobs.request import request_run
from domain.known import Known
from domain.ports import Ports
from domain.undoing import Undoing, changes_of, undoing


async def undo(
    ports: Ports, run: str, by: str, because: str, new_run: str, *, preview: bool = False
) -> list[Undoing]:
    """Lay over the policy that what a run did is turned round, and compile.

    The plans that come of it pass the guards like any other, so they may be held.

    Args:
        run: whose changes to undo, of every bundle.
        because: shown wherever someone's entitlement is explained.
        new_run: the id under which everything is compiled.
        preview: only say what it comes to.

    Raises:
        Held: the run changed nothing, or nothing of it still stands.
        Conflict: a compile is writing about one of the bundles; try again.
        Never: the history was tampered with.
    """
    found = [
        each
        for stored in await ports.bundles.all()
        if (each := await _undoing(ports, await know(ports, stored.bundle), run, by, because))
    ]
    if not found:
        raise Held(f"The history tells of no change that run {run} made.")
    turned = [each for each in found if each.turned]
    if not turned:
        raise Held(f"Something newer was decided about everyone whom run {run} concerned.")
    if preview:
        return found
    for each in turned:
        await _lay_over(ports, each, by, because)
    await request_run(ports, new_run)
    return found


async def end_undoing(ports: Ports, run: str, by: str, new_run: str) -> int:
    """Leave the people for whom a run was undone to policy again; return how many they were.

    Raises:
        Held: the run was not undone, or policy has long come to the same.
        Conflict: a compile is writing about one of the bundles; try again.
    """
    count = 0
    for stored in await ports.bundles.all():
        known = await know(ports, stored.bundle)
        people = {person for person, each in known.undone.items() if each.run == run}
        if people:
            await end_undone(ports, known, people, by)
            count += len(people)
    if not count:
        raise Held(f"Nothing of run {run} is undone now.")
    await request_run(ports, new_run)
    return count


async def end_undone(ports: Ports, known: Known, people: Collection[str], by: str = "") -> Known:
    """Leave people to policy again, to which it comes by itself, or as somebody says."""
    left = {person: each for person, each in known.undone.items() if person not in people}
    detail = f"No longer undone, says {by}." if by else "Policy has come to the same."
    await _tell(ports, known.bundle.id, sorted(people), detail, by)
    await ports.ledger.undo(known.bundle.id, (), sorted(people))
    head = await ports.ledger.keep_head(replace(known.head, undone=len(left)))
    return replace(known, undone=left, head=head)


async def _undoing(ports: Ports, known: Known, run: str, by: str, because: str) -> Undoing | None:
    bundle = known.bundle.id
    entries = [read(sealed) async for sealed in ports.ledger.entries(bundle)]
    changes = changes_of(entries, run)
    if not changes:
        return None
    known = replace(known, rows=await ports.ledger.rows(bundle, sorted(changes)))
    rows = {person: row for person in changes if (row := known.row(person))}
    since = ports.clock.now().isoformat(timespec="seconds")
    reason = f"run {run} was undone by {by}: {because}"
    return undoing(bundle, changes, rows, run, (since, reason))


async def _lay_over(ports: Ports, each: Undoing, by: str, because: str) -> None:
    """Write the people, then the head that says there are some."""
    people = [one.person for one in each.turned]
    await _tell(ports, each.bundle, people, f"Undone: {because}", by)
    await ports.ledger.undo(each.bundle, each.turned, ())
    head = (await ports.ledger.standing(each.bundle)).head
    count = len(await ports.ledger.undone(each.bundle))
    await ports.ledger.keep_head(replace(head, undone=count))
    ports.log.note("run.undone", bundle=each.bundle, people=len(people))


async def _tell(ports: Ports, bundle: str, people: Sequence[str], detail: str, by: str) -> None:
    lines = tuple(Line(person, LineState.UNDONE, detail=detail) for person in people)
    await ports.ledger.note(Entry(bundle, Kind.NOTED, ports.clock.now(), lines, by=by))
