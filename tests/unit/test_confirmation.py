"""A change is closed by what the person's own licenses show."""

from datetime import timedelta

import pytest

from domain.change import Action, Change
from domain.confirmation import PATIENCE, judge
from domain.ledger import State
from domain.outcome import FIXES, LicenseError, LicenseState
from tests.unit.worlds import E3, E5, bundle, guid

E3_BUNDLE = bundle("LIC-E3")
OURS = guid("LIC-E3")
GRANT = Change(Action.GRANT, guid("Ada"), "")
REVOKE = Change(Action.REVOKE, guid("Ada"), "")
SOON = timedelta(seconds=5)


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
    assert verdict.state is State.FAILED
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
