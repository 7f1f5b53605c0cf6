"""People who move between bundles that are better than, or need, one another."""

from typing import Any

from domain.bundle import Bundle
from domain.change import Action
from domain.decision.known import Known
from domain.head import Head
from domain.inventory.snapshot import Snapshot
from domain.terms import Terms
from tests.unit.office import Office
from tests.unit.worlds import (
    E3,
    E5,
    bundle,
    granted,
    group,
    guid,
    known,
    on_its_way,
    person,
    plans,
    product,
    revoked,
    snapshot,
    spared,
)

ADA = guid("Ada")


def world(
    *holds: str, e3: str = "", e5: str = "", want_e3: str = "Ada", want_e5: str = "Ada", **kind: Any
) -> Snapshot:
    """Ada, the products she holds, Eve, and who is in which target and source group."""
    return snapshot(
        [person("Ada", *holds), person("Eve", E3)],
        {
            group("LIC-E3", E3): e3.split(),
            group("LIC-E5", E5): e5.split(),
            group("Wants E3"): want_e3.split(),
            group("Wants E5"): want_e5.split(),
        },
        **kind,
    )


def e3(**fields: Any) -> Bundle:
    return bundle("LIC-E3", E3, "e3", policy={"groups": [guid("Wants E3")]}, **fields)


def e5(**fields: Any) -> Bundle:
    policy = {"groups": [guid("Wants E5")]}
    return bundle("LIC-E5", E5, "e5", **{"policy": policy, "supersedes": ["e3"], **fields})


def test_a_newcomer_entitled_to_both_gets_the_better_one_alone() -> None:
    lesser, better = plans(world(), e3(), e5())
    assert granted(better) == {ADA}
    assert not lesser.changes
    assert spared(lesser) == {ADA: "gets LIC-E5 instead, which is better"}


def test_without_a_seat_in_the_better_bundle_she_gets_the_lesser_one_meanwhile() -> None:
    full = world(products=[product(E3), product(E5, seats=0)])
    lesser, better = plans(full, e3(), e5())
    assert granted(lesser) == {ADA}
    assert [wait.person for wait in better.waiting] == [ADA]


def test_nothing_is_granted_while_the_better_bundle_is_on_its_way() -> None:
    facts = {"e5": known("e5", pages=[on_its_way("e5", ADA)])}
    lesser, better = plans(world(), e3(), e5(), facts=facts)
    assert not lesser.changes
    assert not better.changes
    assert spared(lesser)[ADA] == "gets or holds LIC-E5, which is better"


def test_the_lesser_bundle_stays_until_the_better_license_is_active() -> None:
    lesser, _ = plans(world(E3, e3="Ada", e5="Ada"), e3(), e5())
    assert not lesser.changes


def test_the_lesser_bundle_goes_once_the_better_license_is_active() -> None:
    lesser, better = plans(world(E3, E5, e3="Ada", e5="Ada"), e3(), e5())
    assert revoked(lesser) == {ADA}
    assert lesser.changes[0].reason == "superseded by LIC-E5, which is active"
    assert not better.changes


def test_no_grace_delays_the_step_from_the_lesser_to_the_better_bundle() -> None:
    lesser, _ = plans(world(E3, E5, e3="Ada", e5="Ada"), e3(grace="14d"), e5())
    assert revoked(lesser) == {ADA}


def test_someone_settled_in_the_better_bundle_does_not_come_back_to_the_lesser_one() -> None:
    lesser, better = plans(world(E5, e5="Ada"), e3(), e5())
    assert not lesser.changes
    assert not better.changes


def test_stepping_down_makes_before_it_breaks() -> None:
    lesser, better = plans(world(E5, e5="Ada", want_e5=""), e3(), e5())
    assert granted(lesser) == {ADA}
    assert spared(better) == {ADA: "keeps it until LIC-E3 is active"}
    _, better = plans(world(E3, E5, e3="Ada", e5="Ada", want_e5=""), e3(), e5())
    assert revoked(better) == {ADA}


def test_stepping_down_waits_for_a_seat_below() -> None:
    full = world(E5, e5="Ada", want_e5="", products=[product(E3, seats=0), product(E5)])
    lesser, better = plans(full, e3(), e5())
    assert [wait.person for wait in lesser.waiting] == [ADA]
    assert not better.changes


def test_a_leaver_loses_both() -> None:
    lesser, better = plans(world(E3, E5, e3="Ada", e5="Ada", want_e3="", want_e5=""), e3(), e5())
    assert revoked(lesser) == {ADA}
    assert revoked(better) == {ADA}


def test_two_bundles_that_supersede_each_other_take_nothing_from_anyone() -> None:
    both = world(E3, E5, e3="Ada", e5="Ada")
    made = plans(both, e3(supersedes=["e5"]), e5())
    assert not any(plan.changes for plan in made)


def test_a_better_bundle_that_is_held_stands_in_nobodys_way() -> None:
    lesser, better = plans(world(), e3(), e5(limits={"grants": {"count": 0}}))
    assert granted(lesser) == {ADA}
    assert better.state == "held"


def test_what_was_held_so_far_and_is_sent_now_is_left_to() -> None:
    facts = {"e5": known("e5", head=Head("e5", held="over a limit"))}
    lesser, better = plans(world(), e3(), e5(), facts=facts)
    assert not lesser.changes
    assert granted(better) == {ADA}


def test_a_better_bundle_in_a_dry_run_gives_nothing_and_takes_nothing_away() -> None:
    lesser, better = plans(world(), e3(), e5(mode="dry-run"))
    assert granted(lesser) == {ADA}
    assert better.state == "dry-run"
    lesser, _ = plans(world(E3, E5, e3="Ada", e5="Ada"), e3(), e5(mode="dry-run"))
    assert not lesser.changes
    lesser, _ = plans(world(E5, e5="Ada"), e3(), e5(mode="dry-run"))
    assert not lesser.changes


# An add-on and its base.


def addon(**fields: Any) -> Bundle:
    return e5(**{"supersedes": [], "requires": ["e3"], **fields})


def test_an_addon_waits_for_its_base() -> None:
    base, extra = plans(world(), e3(), addon())
    assert granted(base) == {ADA}
    assert not extra.changes
    assert [wait.reason for wait in extra.waiting] == [
        "Waits until LIC-E3 is active, which it needs."
    ]


def test_an_addon_is_granted_once_the_base_is_active_by_any_route() -> None:
    _, extra = plans(world(E3, e3="Ada"), e3(), addon())
    assert granted(extra) == {ADA}
    _, extra = plans(world(E3, want_e3=""), e3(), addon())
    assert granted(extra) == {ADA}


def test_someone_without_the_base_waits_and_is_told_what_is_missing() -> None:
    _, extra = plans(world(want_e3=""), e3(), addon())
    assert [wait.reason for wait in extra.waiting] == [
        "Needs LIC-E3, which the person does not hold, or is losing."
    ]


def test_the_addon_goes_before_its_base() -> None:
    leaver = world(E3, E5, e3="Ada Eve", e5="Ada", want_e3="Eve")
    base, extra = plans(leaver, e3(), addon())
    assert revoked(extra) == {ADA}
    assert extra.changes[0].reason == "needs LIC-E3, which goes"
    assert spared(base) == {ADA: "keeps it until LIC-E5 is gone, which needs it"}
    base, _ = plans(world(E3, e3="Ada Eve", want_e3="Eve"), e3(), addon())
    assert revoked(base) == {ADA}


def test_the_base_waits_while_the_addons_revoke_is_on_its_way() -> None:
    facts = {"e5": known("e5", pages=[on_its_way("e5", ADA, Action.REVOKE)])}
    leaver = world(E3, E5, e3="Ada Eve", e5="Ada", want_e3="Eve")
    base, extra = plans(leaver, e3(), addon(), facts=facts)
    assert not base.changes
    assert not extra.changes


def test_an_addon_that_is_not_ours_to_revoke_does_not_hold_its_base() -> None:
    leaver = world(E3, E5, e3="Ada Eve", e5="Ada", want_e3="Eve")
    base, extra = plans(leaver, e3(), addon(unmanaged="keep"))
    assert revoked(base) == {ADA}
    assert not extra.changes


def test_a_base_under_another_name_is_as_good_when_it_supersedes_the_one_named() -> None:
    """The add-on needs E3; E5 supersedes E3 and serves as well."""
    facts: dict[str, Known] = {}
    target = group("LIC-Extra", E3)
    here = snapshot(
        [person("Ada", E5)],
        {
            group("LIC-E3", E3): [],
            group("LIC-E5", E5): ["Ada"],
            target: [],
            group("Wants E3"): ["Ada"],
            group("Wants E5"): ["Ada"],
        },
    )
    extra = bundle("LIC-Extra", E3, "extra", requires=["e3"])
    *_, made = plans(here, e3(), e5(), extra, facts=facts, terms=Terms())
    assert granted(made) == {ADA}


async def test_nobody_leaves_the_lesser_bundle_for_a_better_one_that_lost_its_license() -> None:
    """Entra takes its time to take it from everybody; until then it still shows as active."""
    office = Office()
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    e5 = await office.offer("e5", supersedes=["e3"])
    office.clock.advance(300)
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    assert {ada} == office.members(e3) == office.members(e5)
    # So that the license waits for a person's word.
    await office.put(e5, limits={"grants": {"percent": 0, "floor": 0}})
    office.tenant.pause_licensing()
    office.tenant.change_group(e5.target.group, licenses={})
    office.clock.advance(300)
    await office.run()
    await office.deliver_all()
    assert office.members(e3) == {ada}
