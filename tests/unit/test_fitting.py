"""A target hands out what its bundle says, and what Microsoft adds waits for a decision."""

from dataclasses import replace
from typing import Any

import pytest

from domain.bundle import Bundle
from domain.decision.fitting import fit
from domain.errors import Held, Later, Never
from tests.unit.office import Office
from tests.unit.worlds import E3, bundle, group, guid, product

MAIL, CHAT, LIST = guid("mail"), guid("chat"), guid("list")
PLANS = {MAIL: "MAIL", CHAT: "CHAT"}
OPEN = {"revokes": {"percent": 100}, "grants": {"percent": None}}


@pytest.fixture
def office() -> Office:
    return Office()


async def offer(office: Office, *off: str, held: int = 0, **fields: Any) -> Bundle:
    """Store a bundle whose product has two service plans, with so many members."""
    sku = office.tenant.add_product("SUITE")
    office.tenant.add_plans(sku, PLANS)
    products = [{"sku": sku, "disabled_plans": list(off)}]
    suite = await office.offer("suite", sku=sku, **{"products": products, **fields})
    for number in range(held):
        await office.hire(f"Member {number}", "Sales", suite.target.group)
    return suite


async def decide(office: Office, suite: Bundle, **plans: list[str]) -> Bundle:
    """Store the bundle anew with these plans named."""
    changed = suite.model_copy(
        update={"products": (suite.products[0].model_copy(update=_tuples(plans)),)}
    )
    await office.bundles.put([changed], "tests", office.clock.now())
    return changed


def _tuples(plans: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(ids) for name, ids in plans.items()}


def off(office: Office, suite: Bundle) -> set[str] | None:
    """Return what is off at the target; None where it does not hand out the product."""
    plans = office.tenant.groups[suite.target.group].licenses.get(suite.skus()[0])
    return None if plans is None else set(plans)


async def test_an_empty_group_is_given_what_the_bundle_says_and_people_follow(
    office: Office,
) -> None:
    suite = await offer(office, MAIL)
    office.tenant.change_group(suite.target.group, licenses={})
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    assert off(office, suite) == {MAIL}
    assert office.members(suite) == {ada}


async def test_a_group_with_members_is_first_set_on_a_persons_word(office: Office) -> None:
    suite = await offer(office, MAIL, held=3)
    await office.run()
    assert off(office, suite) == set()
    (shown,) = await office.jobs.licenses()
    assert "3 members" in shown.held
    assert shown.sentences == ("SUITE: turns off MAIL",)
    with pytest.raises(Held, match="not what was shown"):
        await office.jobs.set_licenses("suite", "another", "ada", "r")
    assert await office.jobs.set_licenses("suite", shown.fingerprint, "ada", "r") == shown
    assert off(office, suite) == {MAIL}
    assert not await office.jobs.licenses("suite")
    (line,) = (await office.jobs.history("suite", suite.target.group)).lines
    assert (line.state, line.by, line.detail) == ("licensed", "ada", "SUITE: turns off MAIL")
    with pytest.raises(Held, match="nothing is to be set"):
        await office.jobs.set_licenses("suite", shown.fingerprint, "ada", "r")


async def test_no_word_of_anyones_sets_what_is_paused_or_in_a_dry_run(office: Office) -> None:
    suite = await offer(office, MAIL, held=3, mode="dry-run")
    await office.run()
    (shown,) = await office.jobs.licenses("suite")
    with pytest.raises(Held, match="dry run"):
        await office.jobs.set_licenses("suite", shown.fingerprint, "ada", "r")
    live = suite.model_copy(update={"mode": "live"})
    await office.bundles.put([live], "tests", office.clock.now())
    await office.jobs.pause("ben", "audit")
    with pytest.raises(Held, match="Paused by ben: audit"):
        await office.jobs.set_licenses("suite", shown.fingerprint, "ada", "r")
    assert off(office, suite) == set()


async def test_licenses_are_asked_of_bundles_that_are_stored(office: Office) -> None:
    await offer(office)
    with pytest.raises(Never, match="no inventory yet"):
        await office.jobs.licenses()
    with pytest.raises(Never, match=r"no bundle other. Stored are: suite\."):
        await office.jobs.licenses("other")
    assert await office.jobs.set_licenses("other", "f", "ada", "r") is None


async def test_what_the_group_waits_for_keeps_no_one_from_joining(office: Office) -> None:
    suite = await offer(office, MAIL, held=3)
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.deliver_all()
    assert ada in office.members(suite)


async def test_a_new_service_plan_stays_off_until_someone_decides(office: Office) -> None:
    suite = await offer(office, held=3)
    await office.run()
    office.tenant.add_plans(suite.skus()[0], {**PLANS, LIST: "LIST"})
    for _ in range(2):
        await office.run()
        assert off(office, suite) == {LIST}
    on = await decide(office, suite, enabled_plans=[LIST])
    await office.run()
    assert off(office, on) == set()
    # Once decided it is no longer new, and naming it is of no more need.
    await decide(office, on)
    await office.run()
    assert off(office, suite) == set()


async def test_a_new_service_plan_that_was_decided_to_be_off_stays_off(office: Office) -> None:
    suite = await offer(office, held=3)
    await office.run()
    office.tenant.add_plans(suite.skus()[0], {**PLANS, LIST: "LIST"})
    await decide(office, suite, disabled_plans=[LIST])
    await office.run()
    assert off(office, suite) == {LIST}


async def test_what_someone_changed_by_hand_is_put_right(office: Office) -> None:
    suite = await offer(office, MAIL, limits=OPEN)
    await office.run()
    await office.hire("Ada", "Sales", suite.target.group)
    await office.run()
    for plans in ((), (CHAT, MAIL)):
        office.tenant.change_group(suite.target.group, licenses={suite.skus()[0]: plans})
        await office.run()
        assert off(office, suite) == {MAIL}


async def test_turning_a_plan_off_for_many_waits_for_a_persons_word(office: Office) -> None:
    limits = {"revokes": {"percent": 20, "floor": 0}, "grants": {"percent": None}}
    suite = await offer(office, held=5, limits=limits)
    await office.run()
    await decide(office, suite, disabled_plans=[MAIL])
    await office.run()
    assert off(office, suite) == set()
    (shown,) = await office.jobs.licenses()
    assert "Would turn service plans off for 5" in shown.held


async def test_nothing_is_set_in_a_dry_run_or_a_pause(office: Office) -> None:
    suite = await offer(office, MAIL, mode="dry-run")
    await office.run()
    assert off(office, suite) == set()
    live = suite.model_copy(update={"mode": "live"})
    await office.bundles.put([live], "tests", office.clock.now())
    await office.jobs.pause("ada", "audit")
    await office.run()
    assert off(office, suite) == set()
    await office.jobs.resume("ada", "done", "r")
    await office.run()
    assert off(office, suite) == {MAIL}


async def test_a_target_that_cannot_be_set_stops_nobody_else(office: Office) -> None:
    suite = await offer(office, MAIL)
    other = await office.offer("other")
    ada = await office.hire("Ada", "Sales")
    office.targets.fail_next("license", error=Later("Graph is away.", 5))
    await office.run()
    await office.deliver_all()
    assert ada in office.members(other)
    assert off(office, suite) == set()
    assert "fitting.failed" in office.log.events()


async def test_a_product_beside_those_of_the_bundle_is_left_alone(office: Office) -> None:
    suite = await offer(office, MAIL)
    more = office.tenant.add_product("MORE")
    licenses = {suite.skus()[0]: (), more: (CHAT,)}
    office.tenant.change_group(suite.target.group, licenses=licenses)
    await office.run()
    assert office.tenant.groups[suite.target.group].licenses[more] == (CHAT,)


def test_a_fingerprint_is_of_exactly_what_is_set() -> None:
    e3 = bundle("LIC-E3", products=[{"sku": E3, "disabled_plans": [MAIL]}])
    suite = {E3: replace(product(E3), plans={**PLANS, LIST: "LIST"})}
    one = fit(e3, group("LIC-E3", E3), suite, {}, 0)
    same = fit(e3, group("LIC-E3", E3), suite, {E3: (MAIL, CHAT, LIST)}, 0)
    other = fit(e3, group("LIC-E3", E3), suite, {E3: (MAIL, CHAT)}, 0)
    many = fit(e3, group("LIC-E3", E3), suite, {}, 7)
    assert one.fingerprint == same.fingerprint
    assert len({one.fingerprint, other.fingerprint, many.fingerprint}) == 3
