"""Decide: what the ledger knows + a snapshot + the bundles -> plans."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from domain.change import Action
from domain.concurrency import each
from domain.decision.compile import compile_plans
from domain.decision.difference import Difference, differences_of
from domain.decision.known import Known
from domain.inventory.people import no_rows
from domain.inventory.snapshot import Snapshot
from domain.jobs.gather import Ground
from domain.jobs.looks import Looks
from domain.jobs.overtaken import without_overtaken
from domain.ledger import CAME_TO_NOTHING
from domain.plan import Plan
from domain.ports import Ports

FEW = 5_000
"""People about whom everything is decided within milliseconds."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Plans, and what they rest on; nothing of them is written down."""

    ground: Ground
    """With what was looked up about the people concerned."""
    snapshot: Snapshot
    differences: Sequence[Difference]
    blocked: Mapping[str, str]
    """Bundle -> why it cannot be compared (a group is gone); it is held, and the others go on."""
    plans: Sequence[Plan]
    """One a bundle."""


async def decide(ports: Ports, ground: Ground, snapshot: Snapshot, looks: Looks) -> Decided:
    """Make one plan per bundle.

    What concerns one bundle alone is done for several of them at a time.

    Args:
        looks: at people, who are read afresh before they are revoked on a whole snapshot.

    Raises:
        Later: the storage cannot answer now.
    """
    now, known = ports.clock.now(), dict(ground.known)
    compare = partial(
        differences_of, ground.bundles, snapshot=snapshot, terms=ground.terms, now=now
    )
    differences, blocked = await _beside(snapshot, partial(compare, known))
    failing = await _all_failing(ports, differences, snapshot)
    if any(failing.values()):
        known |= {id: replace(known[id], failing=people) for id, people in failing.items()}
        differences, blocked = await _beside(snapshot, partial(compare, known))

    async def look_up(difference: Difference) -> Known:
        return await _know_people(ports, difference, known[difference.bundle.id], snapshot)

    known |= {one.bundle.id: one for one in await each(look_up, differences)}
    if snapshot.whole:
        known = await without_overtaken(ports, ground, known, differences, snapshot, looks)
    decision = partial(compile_plans, differences, known, snapshot, ground.terms, now)
    plans = await _beside(snapshot, decision)
    return Decided(replace(ground, known=known), snapshot, differences, blocked, plans)


async def _beside[T](snapshot: Snapshot, work: Callable[[], T]) -> T:
    """Work out what takes long for many people in a thread: the event loop answers webhooks."""
    return await asyncio.to_thread(work) if len(snapshot.people) > FEW else work()


async def _all_failing(
    ports: Ports, differences: Sequence[Difference], snapshot: Snapshot
) -> dict[str, frozenset[str]]:
    async def failing(difference: Difference) -> frozenset[str]:
        return await _failing(ports, difference, differences, snapshot)

    found = await each(failing, differences)
    return {one.bundle.id: people for one, people in zip(differences, found, strict=True)}


async def _failing(
    ports: Ports, difference: Difference, others: Sequence[Difference], snapshot: Snapshot
) -> frozenset[str]:
    """Return the members to whom Entra refuses a license they still have by a bundle they leave.

    The inventory says which products a person has, and not by which group.
    """
    skus = set(difference.bundle.skus())
    leaving = [
        other.leaving
        for other in others
        if other is not difference and not skus.isdisjoint(other.bundle.skus())
    ]
    moving = np.intersect1d(difference.holders, np.concatenate([no_rows(), *leaving]))
    people = [snapshot.people.id(int(row)) for row in moving]
    rows = await ports.ledger.rows(difference.bundle.id, people) if people else {}
    return frozenset(
        person
        for person, row in rows.items()
        if row.action is Action.GRANT and row.state in CAME_TO_NOTHING and row.error is not None
    )


async def _know_people(
    ports: Ports, difference: Difference, known: Known, snapshot: Snapshot
) -> Known:
    """Look up the people who would join or leave; no one else's past matters."""
    bundle = difference.bundle
    moving = np.concatenate([difference.joining, difference.leaving, difference.going])
    people = [snapshot.people.id(int(row)) for row in moving]
    rows = await ports.ledger.rows(bundle.id, people) if people else {}
    adopted = await _adopted(ports, difference, snapshot) if bundle.unmanaged == "adopt" else None
    return replace(known, rows=rows, adopted=adopted or frozenset())


async def _adopted(ports: Ports, difference: Difference, snapshot: Snapshot) -> frozenset[str]:
    """Adopt members seen entitled, forget those who are no longer members."""
    before = await ports.warehouse.adopted(difference.bundle.id)
    if not snapshot.whole:
        return before
    members = [(snapshot.people.id(int(row)), int(row)) for row in difference.holders]
    entitled = difference.entitled.mask
    after = frozenset(one for one, row in members if entitled[row] or one in before)
    if after != before:
        await ports.warehouse.adopt(difference.bundle.id, after)
    return after
