"""Confirm: judge by the person's own licenses whether a change has taken effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.ledger import Page, State
from domain.outcome import FIXES, LicenseError, LicenseState

PATIENCE = timedelta(hours=24)
"""Entra's background engine is given this long; its own support threshold is the same
(Entra docs: licensing-group-advanced)."""

FRESH = timedelta(minutes=10)
"""An error that stands so long after Entra was asked to look again is its answer to that."""

SKEW = timedelta(minutes=1)
"""The clocks of Graph and of our instances may differ by so much."""

FIRST = timedelta(minutes=10)
"""Entra is asked to look at a blocked revoke again after this, then after twice as long, and so
on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a change ended, as seen on the person; one that is `APPLIED` still has to."""

    state: State
    detail: str
    error: LicenseError | None = None
    surplus: tuple[str, ...] = ()
    """skuIds of licenses she has directly, all of which the target gives her now."""


def judge(
    change: Change,
    bundle: Bundle,
    licenses: Sequence[LicenseState] | None,
    page: Page,
    now: datetime,
) -> Verdict | None:
    """Return how the change ended, or None while Entra is still at work.

    Args:
        licenses: the person's licenses by every route; None when the person is gone.
        page: the page the change is in; it was carried out, or Entra asked again, at its `due_at`.
    """
    if licenses is None:
        return _gone(change)
    ours = [entry for entry in licenses if entry.group == bundle.target.group]
    ours = [entry for entry in ours if entry.sku in bundle.skus()]
    if change.action is Action.GRANT:
        verdict = _granted(bundle, ours, licenses, _asked(change, page, now))
    else:
        verdict = _revoked(bundle, ours, licenses)
    if verdict is not None:
        return verdict
    if change.inside and not ours and now - page.due_at >= FRESH:
        return Verdict(State.FAILED, "She is not in the group, or Entra has not looked at her yet.")
    if now - page.due_at > PATIENCE:
        return Verdict(
            State.FAILED,
            "Entra has not done it after 24 hours. Look at the group's license processing state.",
        )
    return None


def ask_again(page: Page, now: datetime) -> bool:
    """Tell whether it is time to ask Entra again to look at the people who are blocked.

    It is never given up: what blocks them may go any day.
    """
    wait: timedelta = FIRST * 2 ** min(page.attempt, 10)
    return now - page.due_at >= min(wait, PATIENCE)


def beside(
    change: Change, verdict: Verdict, licenses: Sequence[LicenseState] | None
) -> frozenset[str]:
    """Return the groups by which somebody who now has what she was to get has licenses."""
    if change.action is not Action.GRANT or verdict.state is not State.CONFIRMED:
        return frozenset()
    return frozenset(entry.group for entry in licenses or () if entry.group is not None)


def _gone(change: Change) -> Verdict:
    if change.action is Action.REVOKE:
        return Verdict(State.CONFIRMED, "the account is gone")
    return Verdict(State.FAILED, "The account is gone.")


def _asked(change: Change, page: Page, now: datetime) -> datetime | None:
    """Return since when an error counts as the answer; None for at once."""
    if not change.inside or now - page.due_at >= FRESH:
        return None
    return page.due_at - SKEW


def _granted(
    bundle: Bundle,
    ours: Sequence[LicenseState],
    licenses: Sequence[LicenseState],
    asked: datetime | None,
) -> Verdict | None:
    told = [entry for entry in ours if entry.error is not None]
    if asked is not None:
        told = [entry for entry in told if entry.updated_at and entry.updated_at >= asked]
    if told:
        # The others of the same group fail along with the one that says why.
        error = min((entry.error or LicenseError.OTHER for entry in told), key=_vague)
        state = State.WAITING if error is LicenseError.COUNT else State.FAILED
        return Verdict(state, f"{error.value}: {FIXES[error]}", error)
    active = {entry.sku: entry for entry in ours if entry.active}
    if not active.keys() >= set(bundle.skus()):
        return None
    return _active(bundle, active, licenses)


def _vague(error: LicenseError) -> bool:
    return error is LicenseError.OTHER


def _active(
    bundle: Bundle, ours: Mapping[str, LicenseState], licenses: Sequence[LicenseState]
) -> Verdict:
    """Say that the license is there, and what of it she also has directly.

    A direct license that turns on a service plan which the group's leaves off is no surplus: with
    it she would lose that.
    """
    direct = [entry for entry in licenses if entry.group is None and entry.sku in ours]
    if bundle.direct == "keep" or not direct:
        return Verdict(State.CONFIRMED, "license Active")
    surplus = tuple(one.sku for one in direct if ours[one.sku].disabled <= one.disabled)
    if len(surplus) < len(direct):
        detail = (
            "license Active; the direct license stays, for it turns on service plans that the "
            "group's leaves off"
        )
        return Verdict(State.CONFIRMED, detail, surplus=surplus)
    return Verdict(State.CONFIRMED, "license Active", surplus=surplus)


def _revoked(
    bundle: Bundle, ours: Sequence[LicenseState], licenses: Sequence[LicenseState]
) -> Verdict | None:
    blocked = [entry.error for entry in ours if entry.error is not None]
    if blocked:
        error = blocked[0]
        detail = f"{error.value}: out of the group, but Entra keeps the license. {_HELD[error]}"
        return Verdict(State.APPLIED, detail.strip(), error)
    if ours:
        return None
    others = {entry.group for entry in licenses if entry.sku in bundle.skus()}
    if not others:
        return Verdict(State.CONFIRMED, "license gone")
    routes = ", ".join(sorted(f"group {group}" if group else "directly" for group in others))
    return Verdict(State.CONFIRMED, f"gone here, still held by another route: {routes}")


_HELD = dict.fromkeys(LicenseError, "") | {
    LicenseError.DEPENDENCY: "Another license of hers needs a service plan of this one. Take that "
    "away first; Entra is then asked again.",
}
