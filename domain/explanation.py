"""Explanation: what one person holds, waits for and is denied, and which words of policy say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.bundle import Bundle
from domain.controls import Pause, Protection
from domain.decision.difference import Difference
from domain.decision.entitlement import entitle, superseded_by
from domain.decision.known import Known, again_at
from domain.decision.relations import Relations
from domain.errors import Held
from domain.fact import Mode
from domain.inventory.snapshot import Snapshot
from domain.ledger import CAME_TO_NOTHING, Row
from domain.ports import CloseUp
from domain.rule import Clause, View, parse_rule
from domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands with one bundle."""

    bundle: str
    name: str
    holds: bool
    entitled: bool
    why: str
    """Which part of the policy says so."""
    clauses: tuple[Clause, ...]
    """The rule that entitles, then the one that excludes, clause by clause."""
    waiting_since: str | None
    waiting_for: str | None
    leaving_since: str | None
    leaves_at: str | None
    """When the grace ends."""
    held: str
    """Why nothing is sent for the bundle now; empty when things are."""
    mode: Mode
    last_decision: Row | None
    again_at: datetime | None
    """When the last decision, which came to nothing, is tried again by itself; None also where it
    waits for a person's word."""


@dataclass(frozen=True, slots=True)
class Account:
    """Another account of the same human."""

    id: str
    name: str
    """User principal name."""
    by: str
    """The key it shares."""
    primary: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """Whose account it is, as of the latest inventory."""

    primary: bool = False
    """Whether it comes first of its human's accounts."""
    others: tuple[Account, ...] = ()
    unknown: str = ""
    """Why nobody can tell; empty where it is known."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One person, read afresh."""

    id: str
    read_at: str
    protected: Protection | None
    paused: Pause | None
    """While this stands nothing at all is sent."""
    products: tuple[str, ...]
    """Part numbers of the products held by any route."""
    bundles: tuple[Standing, ...]
    accounts: Accounts | None = None
    """None where the tenant's policy joins no accounts."""
    product_names: Mapping[str, str] = field(default_factory=dict)
    """What people call the products, by part number, where the catalog has them."""


def standing(
    known: Known,
    decided: Difference | str,
    better: Sequence[Bundle],
    snapshot: Snapshot,
    view: CloseUp,
    terms: Terms,
    now: datetime,
) -> Standing:
    """Say how a person stands with one bundle.

    Args:
        known: with the person's last decision.
        decided: the bundle compared as a compile does, or why it cannot be.
        better: the bundles that supersede it.
        snapshot: a close-up of her alone.
    """
    person, bundle = view.person.id, known.bundle
    wait, leave = known.waiting.get(person), known.leaving.get(person)
    entitled, why = _entitled(decided, better, snapshot, now)
    last = known.row(person)
    return Standing(
        bundle=bundle.id,
        name=bundle.name,
        holds=bundle.target.group in view.direct,
        entitled=entitled,
        why=why,
        clauses=_clauses(bundle, snapshot, now),
        waiting_since=wait.since if wait else None,
        waiting_for=wait.reason if wait else None,
        leaving_since=leave.since if leave else None,
        leaves_at=_end(leave.since, bundle) if leave else None,
        held=known.head.held,
        mode=terms.mode_of(bundle),
        last_decision=last,
        again_at=again_at(last) if last and last.state in CAME_TO_NOTHING else None,
    )


def better_than(bundle: Bundle, bundles: Sequence[Bundle]) -> list[Bundle]:
    """Return the bundles whose active license takes this one's place."""
    better = Relations(bundles).better(bundle.id)
    return [each for each in bundles if each.id in better]


def with_path(told: Standing, bundle: Bundle, view: CloseUp, whole: Snapshot | None) -> Standing:
    """Say through which nested groups a person is in the group that the reason names.

    Args:
        whole: the latest inventory, which knows what is nested in what; without one nothing is
            said.
    """
    for group in (*bundle.policy.groups, *bundle.policy.excluded.groups):
        if whole is None or group.id not in told.why or group.id in view.direct:
            continue
        path = whole.memberships.path(group.id, view.direct)
        if path:
            through = " in ".join(whole.group_name(one) for one in path)
            return replace(told, why=f"{told.why}, through {through}")
    return told


def _end(since: str, bundle: Bundle) -> str:
    ends = datetime.fromisoformat(since) + bundle.grace_period()
    return ends.isoformat(timespec="seconds")


def _entitled(
    decided: Difference | str, better: Sequence[Bundle], snapshot: Snapshot, now: datetime
) -> tuple[bool, str]:
    if isinstance(decided, str):
        return False, decided
    why = decided.entitled.why(0)
    if why in {superseded_by(each).label for each in better}:
        why = f"{why} ({entitle(decided.bundle, snapshot, now).why(0)})"
    return bool(decided.entitled.mask[0]), why


def _clauses(bundle: Bundle, snapshot: Snapshot, now: datetime) -> tuple[Clause, ...]:
    view = View(snapshot.people, snapshot.memberships, now)
    found = []
    for rule, form in ((bundle.policy.rule, "{}"), (bundle.policy.excluded.rule, "excluded: {}")):
        if rule is None:
            continue
        try:
            clause = parse_rule(rule).explain(view, 0)
        except Held:
            continue  # the reason above says what is unknown
        found.append(replace(clause, text=form.format(clause.text)))
    return tuple(found)
