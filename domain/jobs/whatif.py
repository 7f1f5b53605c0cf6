"""What if: compile a candidate policy against the latest snapshot beside the stored one; no writes.

Only bundles that the candidate changes are compiled, and those concerned by them.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from domain.bundle import Bundle
from domain.bundle_text import read_files
from domain.compile import compile_plans
from domain.difference import Difference, differences_of
from domain.effect import Effect
from domain.errors import Held
from domain.jobs.decide import know, terms_of
from domain.known import Known
from domain.ports import Ports
from domain.snapshot import Snapshot
from domain.terms import Terms
from domain.whatif import Outlook, concerned, effect_of


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

    changed = {id for id in after if before.get(id) != after[id]}
    if wanted.tenant != terms.tenant:
        changed = set(after)
    chosen = concerned(changed, [*before.values(), *after.values()])
    now = await _outlook(ports, before, chosen, snapshot, terms)
    then = await _outlook(ports, after, chosen, snapshot, wanted)
    named = {placed.bundle.id for placed in candidate.bundles}
    return effect_of(now, then, snapshot, wanted.tenant, sorted(before.keys() - named))


async def _outlook(
    ports: Ports,
    bundles: Mapping[str, Bundle],
    chosen: Collection[str],
    snapshot: Snapshot,
    terms: Terms,
) -> Outlook:
    known = {id: await know(ports, bundle) for id, bundle in bundles.items()}
    compiled = {id: bundle for id, bundle in bundles.items() if id in chosen}
    now = ports.clock.now()
    differences, blocked = differences_of(list(compiled.values()), known, snapshot, terms, now)
    for each in differences:
        known[each.bundle.id] = await _know_leavers(ports, each, known[each.bundle.id], snapshot)
    plans = compile_plans(differences, known, snapshot, terms, now)
    by_id = {each.bundle.id: each for each in differences}
    return Outlook(compiled, by_id, {plan.bundle: plan for plan in plans}, blocked)


async def _know_leavers(
    ports: Ports, difference: Difference, known: Known, snapshot: Snapshot
) -> Known:
    """Look up which of the leavers are ours; the joiners' pasts change no outlook."""
    bundle = difference.bundle
    if bundle.unmanaged == "remove" or not len(difference.leaving):
        return known
    people = [snapshot.people.id(row) for row in difference.leaving.tolist()]
    rows = await ports.ledger.rows(bundle.id, people)
    adopted = await ports.warehouse.adopted(bundle.id) if bundle.unmanaged == "adopt" else ()
    return replace(known, rows=rows, adopted=frozenset(adopted))
