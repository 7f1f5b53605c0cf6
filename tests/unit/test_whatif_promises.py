"""What-if says what a push followed by a compile would do, and leaves everything as it is.

Offices are generated: three bundles with relations, people who have moved since the last compile,
and a candidate that edits one bundle. The same office is asked, and then pushed to.
"""

import asyncio
import copy
import json
from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.bundle import Bundle
from domain.decision.effect import BundleEffect, Effect
from domain.errors import BundleError
from domain.inventory.product import Product
from domain.jobs.compile import compile_everything
from domain.plan import Plan
from tests.unit.office import Office

DEPARTMENTS = ["Sales", "IT", "Legal"]
RULES = [f'user.department -eq "{name}"' for name in DEPARTMENTS]
RULES += ["user.accountEnabled -eq true", f"{RULES[0]} -or {RULES[1]}"]
EXCLUSIVE = [("", ""), ("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE")]

edits = st.fixed_dictionaries(
    {},
    optional={
        "policy": st.sampled_from(RULES).map(lambda rule: {"rule": rule}),
        "mode": st.sampled_from(["live", "dry-run"]),
        "unmanaged": st.sampled_from(["keep", "adopt", "remove"]),
        "grace": st.sampled_from(["0h", "7d"]),
        "limits": st.sampled_from([{"revokes": {"count": 0}}, {"grants": {"count": 0}}]),
        "supersedes": st.sampled_from([[], ["a"]]),
        "requires": st.sampled_from([[], ["a"]]),
    },
)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_what_if_says_what_a_push_and_a_compile_would_do(data: st.DataObject) -> None:
    office, bundles = asyncio.run(_office(data))
    which = data.draw(st.sampled_from(["b", "c"]), label="which")
    changes = data.draw(edits, label="changes")
    document = {**bundles[which].model_dump(mode="json"), **changes}
    files = {"edited.yaml": json.dumps(Bundle.model_validate(document).model_dump(mode="json"))}

    untouched = _state(office)
    effect = asyncio.run(office.jobs.whatif(files))
    assert _state(office) == untouched

    without = _plans(copy.deepcopy(office))
    try:
        asyncio.run(office.jobs.push(files, "ben", "pushed"))
    except BundleError:
        assume(False)  # lint refuses it
    plans = _plans(office)
    _check(effect, plans, without)


def _check(effect: Effect, plans: dict[str, Plan], without: dict[str, Plan]) -> None:
    told = {each.bundle: each for each in effect.bundles}
    for id, plan in plans.items():
        if id in told:
            assert _numbers(told[id]) == _numbers(plan)
            assert told[id].changes == plan.changes
            assert told[id].waits == plan.waiting
            assert told[id].held == plan.held
        else:
            assert plan == without[id]


def _numbers(of: BundleEffect | Plan) -> tuple[Any, ...]:
    waiting = of.waiting if isinstance(of, BundleEffect) else len(of.waiting)
    leaving = of.leaving if isinstance(of, BundleEffect) else len(of.leaving)
    return of.grants, of.revokes, waiting, leaving, of.kept, of.entitled, of.holders


def _plans(office: Office) -> dict[str, Plan]:
    return {plan.bundle: plan for plan in asyncio.run(compile_everything(office.ports, "after"))}


def _state(office: Office) -> dict[str, str]:
    """Return all that the fakes keep, as text."""
    kept = ("tenant", "warehouse", "ledger", "bundles", "plans", "runs", "queue", "switches")
    return {name: repr(vars(getattr(office, name))) for name in kept}


async def _office(data: st.DataObject) -> tuple[Office, dict[str, Bundle]]:
    office = Office()
    seats = [data.draw(st.integers(0, 4), label="seats") for _ in range(3)]
    skus = [office.tenant.add_product(f"P{n}", count) for n, count in enumerate(seats)]
    for sku, plan in zip(skus, data.draw(st.sampled_from(EXCLUSIVE)), strict=False):
        _give_plan(office, sku, plan)
    bundles = {}
    for place, id in enumerate("abc"):
        sku = skus[data.draw(st.integers(0, place), label="product")]
        rule = data.draw(st.sampled_from(RULES), label="rule")
        bundles[id] = await office.offer(id, sku=sku, policy={"rule": rule}, limits={})
    people = [await office.hire(f"P{n}", data.draw(st.sampled_from(DEPARTMENTS))) for n in range(4)]
    for _ in range(data.draw(st.integers(0, 2), label="compiles before")):
        await office.run()
        await office.deliver_all()
        await office.jobs.confirm()
        office.clock.advance(300)
    for person in people:
        office.tenant.move(person, department=data.draw(st.sampled_from(DEPARTMENTS)))
    if data.draw(st.booleans(), label="by hand"):
        office.tenant.join(bundles["b"].target.group, people[0])
    await office.jobs.inventory()
    return office, bundles


def _give_plan(office: Office, sku: str, plan: str) -> None:
    product: Product = office.tenant._products[sku]
    office.tenant._products[sku] = replace(product, plans={sku: plan} if plan else {})


def test_a_bundle_is_concerned_by_one_whose_plans_exclude_its_own() -> None:
    """Ada is to have both, and the first by id is given; the candidate takes that one from her."""
    office = Office()

    async def play() -> Effect:
        skus = [office.tenant.add_product(name) for name in ("SMALL", "LARGE")]
        for sku, plan in zip(skus, EXCLUSIVE[1], strict=True):
            _give_plan(office, sku, plan)
        small = await office.offer("small", sku=skus[0])
        await office.offer("z-large", sku=skus[1])
        await office.hire("Ada", "Sales")
        await office.jobs.inventory()
        nobody = {**small.model_dump(mode="json"), "policy": {"rule": RULES[1]}}
        return await office.jobs.whatif({"small.yaml": json.dumps(nobody)})

    effect = asyncio.run(play())
    assert {each.bundle: each.grants for each in effect.bundles} == {"small": 0, "z-large": 1}
