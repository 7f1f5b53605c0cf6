"""The last door before the tenant: what must not be carried out, though it was decided."""

from collections.abc import Mapping

from domain.bundle import Bundle
from domain.change import Action
from domain.ledger import Page
from domain.outcome import Outcome, Postponed, Refused
from domain.terms import Terms

PAUSED_FOR = 300.0
"""Seconds after which a page is looked at again while Seatflow is paused."""


def stopped(page: Page, bundle: Bundle | None, terms: Terms) -> Mapping[str, Outcome]:
    """Return an outcome for each pending change that must not be carried out now.

    Between the decision and this moment someone may have paused Seatflow, switched to a dry run,
    or protected a person.
    """
    people = [change.person for change in page.pending()]
    pause = terms.controls.pause
    if pause is not None:
        reason = f"Paused by {pause.by}: {pause.reason}"
        return dict.fromkeys(people, Postponed(PAUSED_FOR, reason, tried=False))
    if bundle is None:
        return dict.fromkeys(people, Refused("The bundle is no longer stored.", "Store it again."))
    if terms.mode_of(bundle) == "dry-run":
        reason = f"Bundle {bundle.id} is in a dry run, so nothing is written."
        return dict.fromkeys(people, Refused(reason, "Set its mode, or the tenant's, to live."))
    protected = terms.controls.protected
    return {
        change.person: Refused(
            f"Protected by {protected[change.person].by}: {protected[change.person].reason}",
            "Unprotect the person to allow it.",
        )
        for change in page.pending()
        if change.action is Action.REVOKE and change.person in protected
    }
