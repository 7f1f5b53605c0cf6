"""A change is closed by what the person's own licenses show."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.decision import confirmation
from domain.decision.confirmation import FIRST, FRESH, PATIENCE, SKEW, Verdict, ask_again
from domain.ledger import Page, State
from domain.outcome import FIXES, LicenseError, LicenseState
from tests.unit.worlds import E3, E5, NOW, bundle, guid

E3_BUNDLE = bundle("LIC-E3")
CLEAN = bundle("LIC-E3", direct="remove")
BOTH = bundle("LIC-E3", products=[{"sku": E3}, {"sku": E5}])
OURS = guid("LIC-E3")
GRANT = Change(Action.GRANT, guid("Ada"), "")
AGAIN = replace(GRANT, inside=True)
REVOKE = Change(Action.REVOKE, guid("Ada"), "")
SOON = timedelta(seconds=5)


def judge(
    change: Change, of: Bundle, licenses: Sequence[LicenseState] | None, age: timedelta
) -> Verdict | None:
    """Judge a change that was carried out so long ago."""
    page = Page("p", of.id, OURS, 1, "", "", (change,), NOW, NOW, NOW)
    return confirmation.judge(change, of, licenses, page, NOW + age)


def test_a_grant_is_closed_when_the_license_is_active_through_our_group() -> None:
    active = LicenseState(E3, OURS, active=True)
    verdict = judge(GRANT, E3_BUNDLE, [active], SOON)
    assert verdict is not None
    assert verdict.state is State.CONFIRMED


@pytest.mark.parametrize(
    "licenses",
    [
        [],
        [LicenseState(E3, OURS, active=False)],
        [LicenseState(E3, None, active=True)],
        [LicenseState(E3, guid("other"), active=True)],
        [LicenseState(E5, OURS, active=True)],
    ],
)
def test_a_grant_stays_open_until_then(licenses: list[LicenseState]) -> None:
    assert judge(GRANT, E3_BUNDLE, licenses, SOON) is None


@pytest.mark.parametrize("error", LicenseError)
def test_each_license_error_ends_the_grant_with_a_named_fix(error: LicenseError) -> None:
    verdict = judge(GRANT, E3_BUNDLE, [LicenseState(E3, OURS, False, error)], SOON)
    assert verdict is not None
    assert verdict.state is (State.WAITING if error is LicenseError.COUNT else State.FAILED)
    assert verdict.error is error
    assert FIXES[error] in verdict.detail
    assert error in verdict.detail


def test_a_revoke_is_closed_when_our_route_is_gone_and_other_routes_are_named() -> None:
    assert judge(REVOKE, E3_BUNDLE, [LicenseState(E3, OURS, True)], SOON) is None
    gone = judge(REVOKE, E3_BUNDLE, [], SOON)
    assert gone is not None
    assert (gone.state, gone.detail) == (State.CONFIRMED, "license gone")
    other = judge(REVOKE, E3_BUNDLE, [LicenseState(E3, None, True)], SOON)
    assert other is not None
    assert other.detail == "gone here, still held by another route: directly"


def test_a_person_who_is_gone_closes_a_revoke_and_fails_a_grant() -> None:
    granted, revoked = (judge(change, E3_BUNDLE, None, SOON) for change in (GRANT, REVOKE))
    assert granted is not None
    assert revoked is not None
    assert (granted.state, revoked.state) == (State.FAILED, State.CONFIRMED)


def test_patience_ends() -> None:
    verdict = judge(GRANT, E3_BUNDLE, [], PATIENCE + SOON)
    assert verdict is not None
    assert verdict.state is State.FAILED


def test_of_several_products_the_one_that_says_why_is_told() -> None:
    told = [
        LicenseState(E3, OURS, False, LicenseError.OTHER),
        LicenseState(E5, OURS, False, LicenseError.COUNT),
    ]
    verdict = judge(GRANT, BOTH, told, SOON)
    assert verdict is not None
    assert verdict.error is LicenseError.COUNT


def test_one_of_two_products_is_not_enough() -> None:
    assert judge(GRANT, BOTH, [LicenseState(E3, OURS, True)], SOON) is None


@pytest.mark.parametrize("updated", [None, NOW - timedelta(hours=2)])
def test_an_error_from_before_entra_was_asked_again_does_not_count(updated: object) -> None:
    old = LicenseState(E3, OURS, False, LicenseError.OTHER, updated)  # type: ignore[arg-type]
    assert judge(AGAIN, E3_BUNDLE, [old], SOON) is None
    assert judge(GRANT, E3_BUNDLE, [old], SOON) is not None
    assert judge(AGAIN, E3_BUNDLE, [old], FRESH) is not None


def test_an_error_from_after_entra_was_asked_again_does() -> None:
    new = LicenseState(E3, OURS, False, LicenseError.OTHER, NOW - SKEW)
    assert judge(AGAIN, E3_BUNDLE, [new], SOON) is not None


def test_a_direct_license_is_surplus_once_the_groups_is_active() -> None:
    ours, direct = LicenseState(E3, OURS, True), LicenseState(E3, None, True)
    waiting = replace(ours, active=False)
    for of, states, surplus in (
        (CLEAN, [ours, direct], (E3,)),
        (E3_BUNDLE, [ours, direct], ()),
        (CLEAN, [ours, LicenseState(E5, None, True)], ()),
        (CLEAN, [ours, LicenseState(E3, guid("other"), True)], ()),
    ):
        verdict = judge(GRANT, of, states, SOON)
        assert verdict is not None
        assert (verdict.state, verdict.surplus) == (State.CONFIRMED, surplus)
    assert judge(GRANT, CLEAN, [waiting, direct], SOON) is None


def test_a_direct_license_with_more_service_plans_than_the_groups_is_no_surplus() -> None:
    ours = LicenseState(E3, OURS, True, disabled=frozenset({"mail"}))
    for disabled, surplus in ((frozenset(), ()), (frozenset({"mail", "chat"}), (E3,))):
        verdict = judge(GRANT, CLEAN, [ours, LicenseState(E3, None, True, disabled=disabled)], SOON)
        assert verdict is not None
        assert verdict.surplus == surplus
        assert ("stays" in verdict.detail) is not bool(surplus)


def test_a_revoke_that_another_license_blocks_stays_open_and_says_why() -> None:
    blocked = LicenseState(E3, OURS, False, LicenseError.DEPENDENCY)
    verdict = judge(REVOKE, E3_BUNDLE, [blocked], SOON)
    assert verdict is not None
    assert (verdict.state, verdict.error) == (State.APPLIED, LicenseError.DEPENDENCY)
    assert "Take that away first" in verdict.detail
    assert judge(REVOKE, E3_BUNDLE, [blocked], PATIENCE * 10) == verdict  # it may go any day


def test_entra_is_asked_again_ever_more_seldom_and_never_given_up() -> None:
    page = Page("p", "e3", OURS, 1, "", "", (REVOKE,), NOW, NOW, NOW)
    for attempt, wait in ((0, FIRST), (1, 2 * FIRST), (20, PATIENCE)):
        tried = replace(page, attempt=attempt)
        assert not ask_again(tried, NOW + wait - SOON)
        assert ask_again(tried, NOW + wait)
