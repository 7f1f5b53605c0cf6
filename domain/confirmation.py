"""Confirm: judge by the person's own licenses whether a change has taken effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.ledger import State
from domain.outcome import FIXES, LicenseState

PATIENCE = timedelta(hours=24)
"""Entra's background engine is given this long; its own support threshold is the same
(Entra docs: licensing-group-advanced)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a change ended, as seen on the person."""

    state: State
    detail: str


def judge(
    change: Change, bundle: Bundle, licenses: Sequence[LicenseState] | None, age: timedelta
) -> Verdict | None:
    """Return how the change ended, or None while Entra is still at work.

    Args:
        licenses: the person's licenses by every route; None when the person is gone.
        age: time since the change was last sent to be carried out.
    """
    if licenses is None:
        return _gone(change)
    ours = {
        entry.sku: entry
        for entry in licenses
        if entry.group == bundle.target.group and entry.sku in bundle.skus()
    }
    verdict = (
        _granted(bundle, ours)
        if change.action is Action.GRANT
        else _revoked(bundle, ours, licenses)
    )
    if verdict is None and age > PATIENCE:
        return Verdict(
            State.FAILED,
            "Entra has not done it after 24 hours. Look at the group's "
            "license processing state in the admin center.",
        )
    return verdict


def _gone(change: Change) -> Verdict:
    if change.action is Action.REVOKE:
        return Verdict(State.CONFIRMED, "the account is gone")
    return Verdict(State.FAILED, "The account is gone.")


def _granted(bundle: Bundle, ours: dict[str, LicenseState]) -> Verdict | None:
    for entry in ours.values():
        if entry.error is not None:
            return Verdict(State.FAILED, f"{entry.error.value}: {FIXES[entry.error]}")
    if all(sku in ours and ours[sku].active for sku in bundle.skus()):
        return Verdict(State.CONFIRMED, "license Active")
    return None


def _revoked(
    bundle: Bundle, ours: dict[str, LicenseState], licenses: Sequence[LicenseState]
) -> Verdict | None:
    if ours:
        return None
    others = {entry.group for entry in licenses if entry.sku in bundle.skus()}
    if not others:
        return Verdict(State.CONFIRMED, "license gone")
    routes = ", ".join(sorted(f"group {group}" if group else "directly" for group in others))
    return Verdict(State.CONFIRMED, f"gone here, still held by another route: {routes}")
