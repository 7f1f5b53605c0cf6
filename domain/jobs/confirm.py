"""Confirm: close the changes whose effect is seen on the person's own licenses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.bundle import Bundle
from domain.change import Change
from domain.confirmation import Verdict, ask_again, judge
from domain.errors import Conflict, SeatflowError
from domain.jobs.gather import terms_of
from domain.ledger import Page, State
from domain.outcome import Applied, LicenseState, Outcome, Postponed, Refused
from domain.paging import row_of
from domain.ports import Ports
from domain.terms import Terms

type Licenses = Mapping[str, tuple[LicenseState, ...] | None]
type Verdicts = Mapping[Change, Verdict]


async def confirm(ports: Ports) -> None:
    """Look at everyone whose change was applied and not yet seen to have taken effect."""
    terms = await terms_of(ports)
    for stored in await ports.bundles.all():
        standing = await ports.ledger.standing(stored.bundle.id)
        waiting = [page for page in standing.pages if page.unconfirmed()]
        if not waiting:
            continue
        try:
            await _confirm(ports, stored.bundle, waiting, terms)
        except SeatflowError as error:
            # One bundle that cannot be read now must not keep the others open.
            ports.log.note("confirm.failed", bundle=stored.bundle.id, reason=str(error))


async def _confirm(ports: Ports, bundle: Bundle, pages: Sequence[Page], terms: Terms) -> None:
    people = [change.person for page in pages for change in page.unconfirmed()]
    licenses = await ports.directory.licenses(bundle.target.group, people)
    may_write = not terms.controls.pause and terms.mode_of(bundle) == "live"
    for page in pages:
        verdicts = _judged(ports, bundle, page, licenses)
        after = page
        if may_write:
            verdicts = await _without_surplus(ports, verdicts, terms)
            after = await _asked_again(ports, page, verdicts)
        await _close(ports, after, verdicts, asked=after is not page)


def _judged(ports: Ports, bundle: Bundle, page: Page, licenses: Licenses) -> Verdicts:
    now = ports.clock.now()
    found = {
        change: judge(change, bundle, licenses[change.person], page, now)
        for change in page.unconfirmed()
    }
    return {change: verdict for change, verdict in found.items() if verdict is not None}


async def _without_surplus(ports: Ports, verdicts: Verdicts, terms: Terms) -> Verdicts:
    """Take away direct licenses that the group's have replaced, and say so.

    Nobody who is protected loses one. Where Graph cannot do it now the change stays open, so that
    it is tried again.
    """
    surplus = {
        change.person: verdict.surplus
        for change, verdict in verdicts.items()
        if verdict.surplus and change.person not in terms.controls.protected
    }
    if not surplus:
        return verdicts
    outcomes = await ports.targets.take_direct(surplus)
    return {
        change: _told(verdict, outcomes.get(change.person))
        for change, verdict in verdicts.items()
        if not isinstance(outcomes.get(change.person), Postponed)
    }


def _told(verdict: Verdict, outcome: Outcome | None) -> Verdict:
    match outcome:
        case Applied():
            return replace(verdict, detail=f"{verdict.detail}; the direct license was removed")
        case Refused(reason, fix):
            detail = f"{verdict.detail}; the direct license stays: {reason} {fix}"
            return replace(verdict, detail=detail.strip())
    return verdict


async def _asked_again(ports: Ports, page: Page, verdicts: Verdicts) -> Page:
    """Return the page with Entra asked again to look at those who are blocked, if it is time to."""
    blocked = _blocked(verdicts)
    if not blocked or page.pending() or not ask_again(page, ports.clock.now()):
        return page
    await ports.targets.reprocess([change.person for change in blocked])
    return replace(page, due_at=ports.clock.now(), attempt=page.attempt + 1)


async def _close(ports: Ports, page: Page, verdicts: Verdicts, *, asked: bool) -> None:
    """Write what ended; whoever is blocked stays open, with a row that says why."""
    now = ports.clock.now()
    blocked = _blocked(verdicts) if asked else []
    ended = [change for change in verdicts if verdicts[change].state is not State.APPLIED]
    rows = [
        row_of(page, change, verdict.state, verdict.detail, now, verdict.error)
        for change in (*ended, *blocked)
        if (verdict := verdicts[change])
    ]
    if not rows:
        return
    try:
        await ports.ledger.record(page.end(change.person for change in ended), rows)
    except Conflict:
        # Someone else moved the page on; the next look finds it as it then is.
        ports.log.note("confirm.conflict", bundle=page.bundle, page=page.id)


def _blocked(verdicts: Verdicts) -> list[Change]:
    return [change for change, one in verdicts.items() if one.state is State.APPLIED]
