"""Compile: turn what every bundle should be, is, and is becoming into one plan per bundle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

import numpy as np

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.decision.bases import break_addons_first, wait_for_base
from domain.decision.difference import Difference
from domain.decision.draft import HURRIED, Draft, Scene, draft
from domain.decision.known import Known
from domain.decision.moves import leave_to_better, make_before_break
from domain.decision.relations import Holding, Relations
from domain.decision.seats import Allotment, Claim, allot
from domain.decision.sent import Sent
from domain.decision.sizes import sizes_of
from domain.guards import guard, spare
from domain.guards.case import Case, Totals, totals_of
from domain.inventory.people import Rows, no_rows
from domain.inventory.snapshot import Snapshot
from domain.ledger import Leave, Wait
from domain.plan import Plan, Spared
from domain.terms import Terms


def compile_plans(
    differences: Sequence[Difference],
    known: Mapping[str, Known],
    snapshot: Snapshot,
    terms: Terms,
    now: datetime,
) -> list[Plan]:
    """Decide one plan per difference; seats are allotted once over all of them.

    Args:
        known: of every bundle by its id; those without a difference still have seats on their way.
    """
    plans = _compile(differences, known, snapshot, terms, now, frozenset())
    held = frozenset(plan.bundle for plan in plans if plan.holds)
    if any(known[id].bundle.supersedes for id in held):
        # What is held stands in nobody's way, and that shows only once it has been decided.
        plans = _compile(differences, known, snapshot, terms, now, held)
    return plans


def _compile(
    differences: Sequence[Difference],
    known: Mapping[str, Known],
    snapshot: Snapshot,
    terms: Terms,
    now: datetime,
    held: frozenset[str],
) -> list[Plan]:
    drafts = {
        each.bundle.id: draft(each, known[each.bundle.id], snapshot, now) for each in differences
    }
    relations = Relations(each.bundle for each in known.values())
    scene = Scene(drafts, known, snapshot, terms, relations, Holding(snapshot.people), now, held)
    spare(scene)
    leave_to_better(scene)
    wait_for_base(scene)
    _allot(scene, differences)
    make_before_break(scene)
    if any(each.revokes and relations.needing(id) for id, each in drafts.items()):
        plans = _guarded(scene)
        break_addons_first(
            scene,
            held={plan.bundle for plan in plans if plan.holds},
            approved={plan.bundle for plan in plans if plan.approved_by},
        )
        make_before_break(scene)
    return _guarded(scene)


def _guarded(scene: Scene) -> list[Plan]:
    """Return the plans of the drafts as they stand, with every reason to hold them."""
    plans = [_plan(each, scene) for each in scene.drafts.values()]
    silent = {plan.bundle: replace(plan, changes=()) for plan in plans}
    none = totals_of(silent.values(), scene.known, scene.now)
    # What is held for a reason of its own sends nothing, so it uses up no limit of the tenant.
    held = {plan.bundle for plan in plans if _judged(plan, none, scene).holds}
    going = {plan.bundle: plan for plan in plans if plan.bundle not in held}
    totals = totals_of((silent | going).values(), scene.known, scene.now)
    return [
        _judged(plan, _with(plan, totals) if plan.bundle in held else totals, scene)
        for plan in plans
    ]


def _with(plan: Plan, totals: Totals) -> Totals:
    """Return the totals were this plan sent too: a person who releases it wants to know."""
    if plan.mode != "live":
        return totals
    revokes, grants = Sent(plan.revokes, 0, 0), Sent(plan.grants, 0, 0)
    return replace(totals, revokes=totals.revokes + revokes, grants=totals.grants + grants)


def _judged(plan: Plan, totals: Totals, scene: Scene) -> Plan:
    draft, head = scene.drafts[plan.bundle], scene.known[plan.bundle].head
    return guard(plan, Case(draft, head, scene.snapshot, scene.terms, totals, scene.now))


def _allot(scene: Scene, differences: Sequence[Difference]) -> None:
    """Take from the drafts the claims that got no seat, or whose person got a better bundle."""
    pooled = set() if scene.snapshot.whole else {each.product for each in scene.terms.tenant.pools}
    claims: list[Claim] = []
    for each in scene.drafts.values():
        if pooled & set(each.bundle.skus()) and each.claims:
            each.claims.clear()  # a close-up does not show how full a pool is
            each.unseen = True
        if scene.is_dry(each.bundle.id) and scene.terms.mode_of_all() == "live":
            each.claims = {who: replace(claim, dry=True) for who, claim in each.claims.items()}
        claims += each.claims.values()
    _settle(
        scene,
        allot(
            claims,
            differences,
            _reserved(scene),
            _absent(scene),
            scene.snapshot,
            scene.terms.tenant,
        ),
    )


def _settle(scene: Scene, allotment: Allotment) -> None:
    for (bundle, person), wanting in allotment.short.items():
        scene.drafts[bundle].wait(person, wanting)
    for (bundle, person), better in allotment.yielded.items():
        name = scene.known[better].bundle.name
        scene.drafts[bundle].spare(person, Action.GRANT, f"gets {name} instead, which is better")


def _absent(scene: Scene) -> list[tuple[Bundle, Rows]]:
    """Return who holds, or is about to, the bundles that could not be compared; some twice."""
    members, people = scene.snapshot.memberships.people, scene.snapshot.people
    return [
        (
            known.bundle,
            np.concatenate(
                [members.get(known.bundle.target.group, no_rows()), people.rows(known.gaining())]
            ),
        )
        for id, known in scene.known.items()
        if id not in scene.drafts
    ]


def _reserved(scene: Scene) -> dict[str, int]:
    """Count the seats that people expect whom the snapshot does not show."""
    reserved: dict[str, int] = {}
    for each in scene.known.values():
        people = _expecting(each, scene)
        seen = len(scene.snapshot.people.rows(people))
        for sku in each.bundle.skus():
            reserved[sku] = reserved.get(sku, 0) + len(people) - seen
    return reserved


def _expecting(known: Known, scene: Scene) -> list[str]:
    """Return the people to whom a bundle is on its way.

    On a close-up of a few, those who wait for it too, so that nobody jumps the queue by a hint.
    """
    people = dict.fromkeys(known.gaining())
    if not scene.snapshot.whole and not scene.is_dry(known.bundle.id):
        people |= dict.fromkeys(known.waiting)
    return list(people)


def _plan(draft: Draft, scene: Scene) -> Plan:
    difference, head, bundle = draft.difference, draft.known.head, draft.bundle
    whole = scene.snapshot.whole
    grants = _unhurried(
        [_grant(draft, person, claim, scene) for person, claim in draft.claims.items()]
    )
    return Plan(
        bundle=bundle.id,
        target=bundle.target.group,
        entitled=int(difference.entitled.mask.sum()) if whole else head.entitled,
        holders=len(difference.holders) if whole else head.holders,
        changes=(*_ordered(draft.revokes.values()), *_ordered(grants)),
        waiting=_ordered(draft.waiting.values()),
        leaving=_ordered(draft.leaving.values()),
        spared=_ordered(draft.spared.values()),
        recalled=_ordered(draft.recalled.values()),
        later=len(draft.later),
        kept=draft.kept,
        undue=frozenset(draft.undue),
        mode=scene.terms.mode_of(bundle),
        sizes=sizes_of(difference, scene.snapshot) if whole else {},
        unseen=draft.unseen and not head.held,
    )


def _grant(draft: Draft, person: str, claim: Claim, scene: Scene) -> Change:
    """Return the grant a claim becomes, with what became of earlier ones."""
    known, inside = draft.known, claim.row in draft.difference.lacking
    reason = draft.difference.entitled.why(claim.row)
    waited = claim.since if known.since(person) else ""
    return Change(
        Action.GRANT,
        person,
        f"{reason}; in the group, without the license" if inside else reason,
        inside=inside,
        urgent=scene.urgent(claim.row),
        tries=known.tries(person, Action.GRANT),
        since=waited,
    )


def _unhurried(grants: list[Change]) -> list[Change]:
    """Return the grants, none of them urgent where all too many are: those of a first roll-out."""
    if sum(grant.urgent for grant in grants) <= HURRIED:
        return grants
    return [replace(grant, urgent=False) for grant in grants]


def _ordered[T: (Change, Wait, Leave, Spared)](items: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(items, key=attrgetter("person")))
