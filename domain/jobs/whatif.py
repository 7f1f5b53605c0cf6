"""What if: compile a candidate policy against the latest snapshot beside the stored one; no writes.

Only bundles that the candidate changes are compiled, and those concerned by them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.bundle import Bundle
from domain.bundle_text import read_files
from domain.decision.compile import compile_plans
from domain.decision.difference import Difference, differences_of
from domain.decision.effect import Effect
from domain.decision.known import Known
from domain.decision.memory import Memory
from domain.decision.whatif import Outlook, carried_out, concerned, effect_of
from domain.errors import Held
from domain.guards.exclusive_products import clashing
from domain.inventory.people import no_rows
from domain.inventory.snapshot import Snapshot
from domain.jobs.gather import know, terms_of
from domain.jobs.replies import lay_replies
from domain.plan import Plan
from domain.ports import Ports
from domain.terms import Terms

LOOKED_UP = 10_000
"""So many people's pasts are read: a second's work for the table."""

STEPS = 6
"""A move takes some compiles: join the new, see it active, leave the old, free a seat for another.
What has not come to rest by then is shown as it stands."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One compile."""

    differences: Sequence[Difference]
    plans: Sequence[Plan]
    blocked: Mapping[str, str]

    def sent(self, terms: Terms) -> list[Plan]:
        """Return what would follow: of a dry run nothing does, unless everything is one."""
        if terms.mode_of_all() == "dry-run":
            return list(self.plans)
        return [plan if plan.mode == "live" else replace(plan, changes=()) for plan in self.plans]


async def whatif(ports: Ports, files: Mapping[str, str]) -> Effect:
    """Say what these files would change if they were pushed now.

    Raises:
        BundleError: the files make no sense.
        Held: there is no inventory yet.
    """
    candidate = read_files(files)
    snapshot = await ports.warehouse.latest()
    if snapshot is None:
        raise Held("There is no inventory yet, so nothing can be computed.")
    terms = await terms_of(ports)
    wanted = replace(terms, tenant=candidate.tenant) if candidate.tenant else terms
    before = {each.bundle.id: each.bundle for each in await ports.bundles.all()}
    after = before | {placed.bundle.id: placed.bundle for placed in candidate.bundles}

    for tenant in (terms.tenant, wanted.tenant):
        snapshot = await lay_replies(ports, [*before.values(), *after.values()], tenant, snapshot)
    changed = {id for id in after if before.get(id) != after[id]}
    if wanted.tenant != terms.tenant:
        changed = set(after)

    def excludes(one: Bundle, other: Bundle) -> bool:
        return bool(clashing(one, other, snapshot, wanted.tenant))

    chosen = concerned(changed, [*before.values(), *after.values()], excludes)
    targets = {each.target.group for each in (*before.values(), *after.values())}
    memory = Memory(targets)
    # A rule may mean others where its attributes come from elsewhere or accounts are joined anew.
    same = (wanted.tenant.mapping, wanted.tenant.join) == (terms.tenant.mapping, terms.tenant.join)
    now = await _outlook(ports, before, chosen, snapshot, terms, memory)
    memory = memory if same else Memory(targets)
    then = await _outlook(ports, after, chosen, snapshot, wanted, memory)
    named = {placed.bundle.id for placed in candidate.bundles}
    return effect_of(
        now, then, snapshot, wanted.tenant, sorted(before.keys() - named), ports.clock.now()
    )


async def _outlook(
    ports: Ports,
    bundles: Mapping[str, Bundle],
    chosen: Collection[str],
    snapshot: Snapshot,
    terms: Terms,
    memory: Memory,
) -> Outlook:
    known = {id: await know(ports, bundle) for id, bundle in bundles.items()}
    compiled = {id: bundle for id, bundle in bundles.items() if id in chosen}
    steps: list[_Step] = []
    settled = snapshot
    while not steps or (_moves(steps[-1], terms) and len(steps) < STEPS):
        step = await _step(ports, compiled, known, settled, terms, memory)
        settled = carried_out(settled, step.differences, step.sent(terms), known)
        known = {id: replace(each, pages=()) for id, each in known.items()}
        steps.append(step)
    first = steps[0]
    return Outlook(
        bundles=compiled,
        differences={each.bundle.id: each for each in first.differences},
        plans={plan.bundle: plan for plan in first.plans},
        blocked=first.blocked,
        settled=settled,
    )


def _moves(step: _Step, terms: Terms) -> bool:
    return any(plan.changes for plan in step.sent(terms))


async def _step(
    ports: Ports,
    bundles: Mapping[str, Bundle],
    known: Mapping[str, Known],
    snapshot: Snapshot,
    terms: Terms,
    memory: Memory,
) -> _Step:
    now = ports.clock.now()
    chosen = list(bundles.values())
    differences, blocked = differences_of(chosen, known, snapshot, terms, now, memory.entitle)
    informed = dict(known)
    for each in differences:
        id = each.bundle.id
        informed[id] = await _know_people(ports, each, known[id], snapshot)
    plans = compile_plans(differences, informed, snapshot, terms, now)
    return _Step(differences, plans, blocked)


async def _know_people(
    ports: Ports, difference: Difference, known: Known, snapshot: Snapshot
) -> Known:
    """Look up what was lately done for those who move, and which of the leavers are ours.

    Of very many, and where all leavers are revoked alike, no one's past changes the outlook much.
    """
    bundle = difference.bundle
    moving = np.concatenate([difference.leaving, difference.joining])
    if len(moving) > LOOKED_UP:
        moving = difference.leaving if bundle.unmanaged != "remove" else no_rows()
    if not len(moving):
        return known
    people = [snapshot.people.id(row) for row in moving.tolist()]
    rows = await ports.ledger.rows(bundle.id, people)
    adopted = await ports.warehouse.adopted(bundle.id) if bundle.unmanaged == "adopt" else ()
    return replace(known, rows=rows, adopted=frozenset(adopted))
