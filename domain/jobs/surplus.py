"""Surplus: take away direct licenses that a target's have replaced."""

from collections.abc import Mapping
from dataclasses import replace

from domain.chain import Entry, Kind, Line, LineState
from domain.change import Change
from domain.decision.confirmation import Verdict
from domain.ledger import Page
from domain.outcome import Applied, Outcome, Postponed, Refused
from domain.ports import Ports
from domain.terms import Terms

type Verdicts = Mapping[Change, Verdict]


async def take_surplus(ports: Ports, page: Page, verdicts: Verdicts, terms: Terms) -> Verdicts:
    """Take away what is surplus, and say so; what cannot be taken now leaves its change open.

    Nobody who is protected loses one, and nobody whose page has moved on meanwhile. The history is
    told before anything is taken, so that it is told whatever happens then.
    """
    surplus = {
        change.person: verdict.surplus
        for change, verdict in verdicts.items()
        if verdict.surplus and change.person not in terms.controls.protected
    }
    if not surplus:
        return verdicts
    current = await ports.ledger.page(page.bundle, page.id)
    if current is None or current.version != page.version:
        return {change: one for change, one in verdicts.items() if not one.surplus}
    await _tell(ports, page, surplus)
    outcomes = await ports.targets.take_direct(surplus)
    return {
        change: _told(verdict, outcomes.get(change.person))
        for change, verdict in verdicts.items()
        if not isinstance(outcomes.get(change.person), Postponed)
    }


def without_surplus(verdicts: Verdicts) -> Verdicts:
    """Leave those open from whom something is to be taken that may not be taken now."""
    return {change: one for change, one in verdicts.items() if not one.surplus}


async def _tell(ports: Ports, page: Page, surplus: Mapping[str, tuple[str, ...]]) -> None:
    lines = tuple(
        Line(person, LineState.DIRECT, detail=f"takes the direct license of {', '.join(skus)}")
        for person, skus in surplus.items()
    )
    entry = Entry(page.bundle, Kind.NOTED, ports.clock.now(), lines, page=page.id, plan=page.plan)
    await ports.ledger.note(replace(entry, run=page.run, generation=page.generation))


def _told(verdict: Verdict, outcome: Outcome | None) -> Verdict:
    match outcome:
        case Applied():
            return replace(verdict, detail=f"{verdict.detail}; the direct license was removed")
        case Refused(reason, fix):
            detail = f"{verdict.detail}; the direct license stays: {reason} {fix}"
            return replace(verdict, detail=detail.strip())
    return verdict
