"""Promises that hold in every tenant, each said plainly and held against generated ones.

The statements here know what policy means and what was sent, and nothing of how it is decided.
"""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.change import Action
from domain.plan import Plan, PlanState
from tests.unit.sketches import (
    PRODUCTS,
    Offer,
    Sketch,
    Stage,
    better,
    entitled,
    is_dry,
    members,
    sketches,
    who,
)
from tests.unit.worlds import granted, guid, revoked

ALL = settings(max_examples=100, deadline=None)


def numbers(people: Iterable[str], sketch: Sketch) -> set[int]:
    by_id = {who(n): n for n in range(sketch.people)}
    return {by_id[person] for person in people}


def sent(plans: dict[str, Plan]) -> dict[str, Plan]:
    return {id: plan for id, plan in plans.items() if plan.state is PlanState.SENT}


def moving(offer: Offer, action: Action) -> set[int]:
    return {n for n, act in offer.moving.items() if act is action}


# 1: Seats, leavers, joiners.


@ALL
@given(sketches())
def test_seats_are_never_oversold_over_all_bundles_and_pools(sketch: Sketch) -> None:
    stage = Stage(sketch)
    plans = stage.compiled()
    for sku in PRODUCTS:
        offers = [one for one in sketch.offers if sku in one.products]
        taken = {n for n in range(sketch.people) if sku in stage.holding(n)}
        for one in offers:
            taken |= members(one) | moving(one, Action.GRANT)
        new = {n for one in offers for n in numbers(granted(plans[one.id]), sketch)} - taken
        assert not new or len(taken | new) <= sketch.seats[sku]


@ALL
@given(sketches())
def test_a_pool_is_neither_oversold_nor_used_by_others(sketch: Sketch) -> None:
    pool = sketch.pool
    if pool is None:
        return
    stage, sku = Stage(sketch), pool["product"]
    plans = stage.compiled()
    inside, taken = set[int](), {n for n in range(sketch.people) if sku in stage.holding(n)}
    new_inside, new_outside = set[int](), set[int]()
    for one in sketch.offers:
        if sku not in one.products:
            continue
        has = members(one) | moving(one, Action.GRANT)
        gets = numbers(granted(plans[one.id]), sketch)
        taken |= has
        if one.id in pool["bundles"]:
            inside |= has
            new_inside |= gets
        else:
            new_outside |= gets
    if not pool["overflow"] and new_inside - inside:
        assert len(inside | new_inside) <= pool["seats"]
    if new_outside - taken - new_inside:
        free = sketch.seats[sku] - len(taken | new_inside | new_outside)
        assert free >= pool["seats"] - len(inside | new_inside)


@ALL
@given(sketches())
def test_no_one_is_moved_but_by_policy(sketch: Sketch) -> None:
    """A grant needs an entitlement. A revoke needs that there is none, or that she is entitled to
    a better bundle she holds, or that the base of an add-on is no longer for her."""
    stage = Stage(sketch)
    for id, plan in stage.compiled().items():
        one = sketch.offer(id)
        assert numbers(granted(plan), sketch) <= entitled(one)
        for n in numbers(revoked(plan), sketch):
            assert (
                n not in entitled(one)
                or any(
                    n in entitled(sketch.offer(other)) and stage.active(n, sketch.offer(other))
                    for other in better(sketch, id)
                )
                or any(
                    n not in entitled(sketch.offer(base)) or better(sketch, base)
                    for base in one.requires
                )
            )


@ALL
@given(sketches(calm=True))
def test_everyone_who_should_move_does_or_is_shown_not_to(sketch: Sketch) -> None:
    stage = Stage(sketch)
    for id, plan in stage.compiled().items():
        one = sketch.offer(id)
        shown = {wait.person for wait in plan.waiting} | {leave.person for leave in plan.leaving}
        shown |= {spared.person for spared in plan.spared}
        superseded = {
            n
            for other in better(sketch, id)
            for n in entitled(sketch.offer(other)) & members(sketch.offer(other))
        }
        joining = entitled(one) - members(one) - superseded
        leaving = members(one) - entitled(one)
        assert joining <= numbers(granted(plan) | shown, sketch)
        assert leaving <= numbers(revoked(plan) | shown, sketch)
        assert not granted(plan) & revoked(plan)


# 2: Order.


@ALL
@given(sketches(), st.randoms(use_true_random=False))
def test_the_order_of_people_and_bundles_does_not_matter(sketch: Sketch, random: object) -> None:
    people = list(range(sketch.people))
    order = [one.id for one in sketch.offers]
    random.shuffle(people)  # type: ignore[attr-defined]
    random.shuffle(order)  # type: ignore[attr-defined]
    assert Stage(sketch).compiled() == Stage(sketch, shown=people, order=order).compiled()


# 5: Reach.


@ALL
@given(sketches())
def test_only_who_is_ours_is_revoked_and_no_one_protected(sketch: Sketch) -> None:
    for id, plan in Stage(sketch).compiled().items():
        one = sketch.offer(id)
        gone = numbers(revoked(plan), sketch)
        assert gone <= members(one) | moving(one, Action.GRANT)
        assert not gone & sketch.protected
        own = one.ours | set(one.moving)
        if one.unmanaged == "adopt":
            own |= entitled(one) & members(one)
        if one.unmanaged != "remove":
            assert gone <= own | {n for n in gone if who(n) in _adopted(one)}


def _adopted(one: Offer) -> set[str]:
    return {who(n) for n in entitled(one) & members(one)}


# 6: Limits, dry runs, releases.


@ALL
@given(sketches())
def test_nothing_is_sent_while_paused_in_a_dry_run_or_over_a_limit(sketch: Sketch) -> None:
    for id, plan in sent(Stage(sketch).compiled()).items():
        one = sketch.offer(id)
        assert not sketch.paused
        assert not is_dry(sketch, one)
        if one.limit is not None:
            assert max(plan.revokes, plan.grants) <= one.limit


@ALL
@given(sketches(), st.data())
def test_a_release_fits_exactly_one_fingerprint(sketch: Sketch, data: st.DataObject) -> None:
    """What an approval sends is what was shown, in this tenant or in one that has moved on."""
    held = {id: p for id, p in Stage(sketch).compiled().items() if p.state is PlanState.HELD}
    assume(held)
    approved = data.draw(st.sampled_from(sorted(held)))
    moved = sketch
    if data.draw(st.booleans()):
        roles = tuple(tuple(data.draw(st.permutations(one.roles))) for one in sketch.offers)
        pairs = zip(sketch.offers, roles, strict=True)
        moved = replace(sketch, offers=tuple(replace(one, roles=now) for one, now in pairs))
    without = Stage(moved).compiled()
    approvals = {approved: held[approved].fingerprint}
    plan = Stage(moved, approvals=approvals).compiled()[approved]
    if plan.state is PlanState.SENT and without[approved].state is PlanState.HELD:
        assert granted(plan) == granted(held[approved])
        assert revoked(plan) == revoked(held[approved])
        assert plan.approved_by == "ada"
    if moved == sketch and held[approved].releasable:
        assert plan.state is PlanState.SENT or plan.held == (_first(plan),)


def _first(plan: Plan) -> str:
    return next((each for each in plan.held if each.startswith("Approved, and sent as soon")), "")


# 7: Absence.


@ALL
@given(sketches(), st.data())
def test_no_revoke_rests_on_the_absence_of_data(sketch: Sketch, data: st.DataObject) -> None:
    """Whatever is lost, emptied, shrunken or never read: nobody is revoked who would not be, or
    only not yet, with the data there."""
    calm = Stage(sketch)
    before = calm.compiled()
    asked = {
        (id, person)
        for id, plan in before.items()
        for person in revoked(plan)
        | {spared.person for spared in plan.spared if spared.action is Action.REVOKE}
        | {leave.person for leave in plan.leaving}
    }
    ids = [one.id for one in sketch.offers]
    some = st.frozensets(st.sampled_from(ids))
    hurt = Stage(
        sketch,
        lost_groups=data.draw(some, label="lost"),
        emptied=data.draw(some, label="emptied"),
        shrunken=data.draw(some, label="shrunken"),
        unread=data.draw(st.booleans(), label="unread"),
        sizes={id: plan.sizes for id, plan in before.items()},
    )
    for id, plan in sent(hurt.compiled()).items():
        assert {(id, person) for person in revoked(plan)} <= asked


# Close-ups.


@ALL
@given(sketches(), st.data())
def test_a_close_up_sees_no_more_reasons_to_revoke_than_the_whole(
    sketch: Sketch, data: st.DataObject
) -> None:
    shown = sorted(data.draw(st.sets(st.integers(0, sketch.people - 1), min_size=1)))
    whole = Stage(sketch).compiled()
    for id, plan in sent(Stage(sketch, whole=False, shown=shown).compiled()).items():
        asked = revoked(whole[id]) | {
            each.person for each in whole[id].spared if each.action is Action.REVOKE
        }
        assert revoked(plan) <= asked
        assert guid("nobody") not in granted(plan)
