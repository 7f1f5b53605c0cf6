"""Compile: turn differences into plans, using what the ledger knows about the people concerned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.difference import Difference
from domain.guards import guard
from domain.guards.case import Case
from domain.ledger import Head, Page, Row, State, Wait
from domain.plan import Plan
from domain.seats import Claim, allot
from domain.snapshot import Snapshot

LAG = timedelta(minutes=2)
"""A write this shortly before a snapshot may not show in it: Entra replicates in the background
(Graph docs: group-post-members, "eventual consistency")."""

RETRY = timedelta(hours=1)
"""A change that was refused or failed is tried again after this."""


@dataclass(frozen=True)
class Known:
    """What the ledger knows about one bundle, and about the people who would join or leave."""

    head: Head
    pages: Sequence[Page] = ()
    waiting: Mapping[str, Wait] = field(default_factory=dict)
    rows: Mapping[str, Row] = field(default_factory=dict)
    adopted: frozenset[str] = frozenset()

    @cached_property
    def in_flight(self) -> dict[str, Action]:
        """What is on its way: person -> what the latest decision does."""
        ordered = sorted(self.pages, key=lambda page: page.generation)
        return {change.person: change.action for page in ordered for change in page.open()}


@dataclass(slots=True)
class _Draft:
    """The changes of one bundle while they are being gathered."""

    difference: Difference
    known: Known
    changes: list[Change] = field(default_factory=list)
    claims: dict[str, tuple[Claim, str]] = field(default_factory=dict)
    kept: int = 0


def compile_plans(
    differences: Sequence[Difference],
    known: Mapping[str, Known],
    snapshot: Snapshot,
    now: datetime,
) -> list[Plan]:
    """Decide one plan per difference; seats are allotted once over all of them.

    Args:
        known: by bundle id; for bundles without a difference only their pages matter.
    """
    drafts = [_draft(difference, known, snapshot, now) for difference in differences]
    claims = [claim for draft in drafts for claim, _ in draft.claims.values()]
    waiting = allot(claims, differences, _reserved(differences, known, snapshot), snapshot)
    return [_plan(draft, waiting, snapshot, now) for draft in drafts]


def _draft(
    difference: Difference, known: Mapping[str, Known], snapshot: Snapshot, now: datetime
) -> _Draft:
    bundle = difference.bundle
    draft = _Draft(difference, known[bundle.id])
    for row in difference.leaving:
        person = snapshot.people.id(int(row))
        if not _ours(person, draft.known, bundle):
            draft.kept += 1
        elif _due(person, Action.REVOKE, draft.known, snapshot, now):
            reason = difference.entitled.why(int(row))
            draft.changes.append(Change(Action.REVOKE, person, reason))
    for row in difference.joining:
        person = snapshot.people.id(int(row))
        if _due(person, Action.GRANT, draft.known, snapshot, now):
            wait = draft.known.waiting.get(person)
            since = wait.since if wait else now.isoformat(timespec="seconds")
            claim = Claim(since, person, bundle.id, int(row), bundle.skus())
            draft.claims[person] = claim, difference.entitled.why(int(row))
    return draft


def _ours(person: str, known: Known, bundle: Bundle) -> bool:
    """Tell whether this member may be revoked: added by Seatflow, adopted, or not to be kept."""
    if bundle.unmanaged == "remove" or person in known.adopted or person in known.in_flight:
        return True
    row = known.rows.get(person)
    return row is not None and bool(row.managed)


def _due(person: str, action: Action, known: Known, snapshot: Snapshot, now: datetime) -> bool:
    """Tell whether a change is to be made, or was made too lately to show, or refused lately."""
    row = known.rows.get(person)
    if row is None or row.action is not action:
        return True
    if row.state in (State.REFUSED, State.FAILED):
        return now - row.updated_at >= RETRY
    return row.updated_at < snapshot.taken_at - LAG


def _reserved(
    differences: Iterable[Difference], known: Mapping[str, Known], snapshot: Snapshot
) -> dict[str, int]:
    """Count the seats on their way to people whom the snapshot does not show."""
    reserved: dict[str, int] = {}
    for difference in differences:
        flying = known[difference.bundle.id].in_flight
        granted = [person for person, action in flying.items() if action is Action.GRANT]
        unseen = len(granted) - len(snapshot.people.rows(granted))
        for sku in difference.bundle.skus():
            reserved[sku] = reserved.get(sku, 0) + unseen
    return reserved


def _plan(
    draft: _Draft, short: Mapping[tuple[str, str], str], snapshot: Snapshot, now: datetime
) -> Plan:
    difference, known = draft.difference, draft.known
    bundle, head = difference.bundle, known.head
    grants = []
    waiting = []
    for person, (claim, reason) in draft.claims.items():
        wanting = short.get((bundle.id, person))
        if wanting is None:
            grants.append(Change(Action.GRANT, person, reason))
        else:
            waiting.append(Wait(person, claim.since, wanting))
    plan = Plan(
        bundle=bundle.id,
        target=bundle.target.group,
        entitled=int(difference.entitled.mask.sum()) if snapshot.whole else head.entitled,
        holders=len(difference.holders) if snapshot.whole else head.holders,
        changes=(*draft.changes, *grants),
        waiting=tuple(waiting),
        kept=draft.kept,
    )
    return guard(plan, Case(bundle, snapshot, plan.holders, head.revoked_since(now)))
