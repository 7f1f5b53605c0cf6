"""What-if: what a candidate policy would change, down to the money, with nothing written."""

import json
from typing import Any

import pytest

from domain.bundle import Bundle
from domain.decision.effect import Effect
from domain.tenant_policy import TenantPolicy
from tests.unit.office import Office

WRITES = {
    "bundles": ["put"],
    "plans": ["keep", "mark"],
    "ledger": ["decide", "keep_head", "record", "mark_sent", "wait", "leave", "note_unreadable"],
    "queue": ["send_pages", "send_hints"],
    "warehouse": ["adopt", "begin"],
    "switches": ["use"],
    "runs": ["keep"],
    "targets": ["carry_out"],
}


@pytest.fixture
def office() -> Office:
    return Office()


async def whatif(office: Office, *bundles: Bundle, tenant: TenantPolicy | None = None) -> Effect:
    """Ask what these would do, with every writing call of every port set to fail."""
    files = {f"{each.id}.yaml": each.model_dump_json() for each in bundles}
    if tenant is not None:
        files["tenant.yaml"] = json.dumps({"tenant": tenant.model_dump(mode="json")})
    for port, calls in WRITES.items():
        for call in calls:
            getattr(office, port).fail_next(call)
    return await office.jobs.whatif(files)


def edited(bundle: Bundle, **fields: Any) -> Bundle:
    return Bundle.model_validate({**bundle.model_dump(mode="json"), **fields})


def priced(**monthly: float) -> TenantPolicy:
    prices = [{"product": sku, "monthly": cost, "currency": "EUR"} for sku, cost in monthly.items()]
    return TenantPolicy.model_validate({"prices": prices})


async def test_an_edit_shows_who_gains_who_loses_and_what_it_costs(office: Office) -> None:
    e3 = await office.offer("e3")
    for name, department in [("Ada", "Sales"), ("Ben", "Sales"), ("Cleo", "IT")]:
        await office.hire(name, department)
    await office.bundles.put([], "ada", office.clock.now(), priced(**{e3.skus()[0]: 10.5}))
    await office.settle()
    wider = edited(e3, policy={"rule": 'user.department -in ["IT", "Marketing"]'})
    effect = await whatif(office, wider)
    (bundle,) = effect.bundles
    assert (bundle.status, bundle.gains, bundle.losses) == ("changed", 1, 2)
    assert (bundle.grants, bundle.revokes) == (1, 2)
    assert (bundle.holders_before, bundle.holders_after) == (2, 1)
    assert (bundle.monthly_effect, bundle.currency) == (-10.5, "EUR")
    (product,) = effect.products
    assert (product.consumed, product.after_before, product.after) == (2, 2, 1)
    assert product.monthly_effect == -10.5
    assert {name.partition(".")[0] for name in effect.names.values()} >= {"ada", "ben", "cleo"}


async def test_a_step_down_is_followed_to_its_end(office: Office) -> None:
    """The first compile only grants the lesser license; the saving comes with the next ones."""
    e3 = await office.offer("e3")
    e5 = await office.offer("e5", supersedes=["e3"])
    await office.hire("Ada", "Sales")
    prices = priced(**{e3.skus()[0]: 36, e5.skus()[0]: 57})
    await office.bundles.put([], "ada", office.clock.now(), prices)
    await office.settle()
    effect = await whatif(office, edited(e5, policy={"rule": 'user.department -eq "Legal"'}))
    by_id = {each.bundle: each for each in effect.bundles}
    assert (by_id["e3"].grants, by_id["e5"].revokes) == (1, 0)
    assert (by_id["e3"].holders_after, by_id["e5"].holders_after) == (1, 0)
    assert (by_id["e3"].monthly_effect, by_id["e5"].monthly_effect) == (36, -57)
    assert sum(each.monthly_effect or 0 for each in effect.products) == -21


async def test_what_would_be_held_is_said_and_still_counted(office: Office) -> None:
    e3 = await office.offer("e3", limits={"revokes": {"percent": 0, "floor": 0}})
    await office.hire("Ada", "Sales")
    await office.settle()
    effect = await whatif(office, edited(e3, policy={"rule": 'user.department -eq "IT"'}))
    assert "Would revoke 1 for 1 holders" in effect.bundles[0].held[0]
    assert effect.bundles[0].holders_after == 0


async def test_seats_that_would_fall_short_are_waited_for(office: Office) -> None:
    e3 = await office.offer("e3", seats=1)
    await office.hire("Ada", "Sales")
    await office.hire("Ben", "IT")
    await office.settle()
    everyone = edited(e3, policy={"rule": "user.accountEnabled -eq true"})
    (bundle,) = (await whatif(office, everyone)).bundles
    assert (bundle.gains, bundle.grants, bundle.waiting) == (1, 0, 1)


async def test_a_new_bundle_and_one_whose_group_is_missing(office: Office) -> None:
    e3 = await office.offer("e3")
    await office.hire("Ada", "Sales")
    await office.settle()
    target = office.tenant.add_group("LIC-New")
    office.tenant.license_group(target, e3.skus()[0])
    await office.run()
    new = edited(e3, id="new", target={"group": target})
    gone = edited(new, policy={"groups": ["11111111-1111-1111-1111-111111111111"]})
    by_id = {each.bundle: each for each in (await whatif(office, new)).bundles}
    assert (by_id["new"].status, by_id["new"].gains) == ("new", 1)
    assert by_id["e3"].status == "unchanged"
    (blocked,) = [one for one in (await whatif(office, gone)).bundles if one.bundle == "new"]
    assert "is not in the directory" in blocked.held[0]
    assert (await whatif(office, e3)).bundles == ()


async def test_what_was_done_since_the_inventory_is_not_counted_again(office: Office) -> None:
    e3 = await office.offer("e3")
    await office.hire("Ada", "Sales")
    leaver = await office.hire("Ben", "IT", e3.target.group)
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    assert leaver not in office.members(e3)
    effect = await whatif(office, edited(e3, owner="ada"))
    (bundle,) = effect.bundles
    assert (bundle.grants, bundle.revokes) == (0, 0)


async def test_who_has_the_product_by_another_group_frees_no_seat(office: Office) -> None:
    e3 = await office.offer("e3")
    other = office.tenant.add_group("Other")
    office.tenant.license_group(other, *e3.skus())
    await office.hire("Ada", "Sales", other)
    await office.hire("Ben", "Sales")
    await office.settle()
    effect = await whatif(office, edited(e3, policy={"rule": 'user.department -eq "IT"'}))
    assert [(each.after_before, each.after) for each in effect.products] == [(2, 1)]


async def test_nothing_follows_from_a_dry_run(office: Office) -> None:
    e3 = await office.offer("e3", mode="dry-run")
    await office.hire("Ada", "Sales")
    await office.run()
    effect = await whatif(office, edited(e3, owner="ada"))
    (bundle,) = effect.bundles
    assert (bundle.mode, bundle.grants, bundle.holders_after) == ("dry-run", 1, 0)
