"""Explain: what a person holds, waits for and is denied, and why."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.attributes import on_demand
from domain.bundle import Bundle
from domain.closeup import close_up
from domain.controls import Protection
from domain.entitlement import entitle
from domain.errors import Held
from domain.fact import Mode
from domain.jobs.decide import know, terms_of
from domain.ledger import Row
from domain.ports import CloseUp, Ports
from domain.relations import Holding, Relations
from domain.rule import Clause, View, parse_rule
from domain.snapshot import Snapshot
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


@dataclass(frozen=True, slots=True)
class Explanation:
    """One person, read afresh."""

    id: str
    read_at: str
    protected: Protection | None
    products: tuple[str, ...]
    """Part numbers of the products held by any route."""
    bundles: tuple[Standing, ...]


async def explain(ports: Ports, name: str, bundle: str | None = None) -> Explanation | None:
    """Gather everything known about one person; None when there is no such person, or bundle.

    Args:
        name: object id, user principal name or mail address.
        bundle: look at this one only.

    Raises:
        Later: Graph or the storage cannot answer now.
    """
    began = ports.clock.now()
    person = await ports.directory.find_person(name)
    bundles = [stored.bundle for stored in await ports.bundles.all()]
    if person is None or (bundle is not None and bundle not in {one.id for one in bundles}):
        return None
    also = on_demand({each for one in bundles for each in one.attributes()})
    view = (await ports.directory.close_up([person], also))[person]
    if view is None:
        return None
    groups = await ports.directory.find_groups({g for b in bundles for g in b.groups()})
    snapshot = close_up([view], groups, await ports.directory.products(), began)
    terms = await terms_of(ports)
    whole = await ports.warehouse.latest()
    shown = [one for one in bundles if bundle in (None, one.id)]
    standings = [await _standing(ports, one, snapshot, view, terms) for one in shown]
    return Explanation(
        id=person,
        read_at=began.isoformat(),
        protected=terms.controls.protected.get(person),
        products=tuple(sorted(_part_number(sku, snapshot) for sku in view.person.products)),
        bundles=tuple(
            _with_path(_with_better(each, bundles, snapshot, view, terms), one, view, whole)
            for each, one in zip(standings, shown, strict=True)
        ),
    )


def _part_number(sku: str, snapshot: Snapshot) -> str:
    product = snapshot.products.get(sku)
    return product.part_number if product else sku


async def _standing(
    ports: Ports, bundle: Bundle, snapshot: Snapshot, view: CloseUp, terms: Terms
) -> Standing:
    person, now = view.person.id, ports.clock.now()
    known = await know(ports, bundle)
    rows = await ports.ledger.rows(bundle.id, [person])
    known = replace(known, rows=rows)
    wait, leave = known.waiting.get(person), known.leaving.get(person)
    entitled, why = _entitled(bundle, snapshot, now)
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
        leaves_at=_ends(leave.since, bundle.grace_period()) if leave else None,
        held=known.head.held,
        mode=terms.mode_of(bundle),
        last_decision=known.row(person),
    )


def _ends(since: str, grace: timedelta) -> str:
    return (datetime.fromisoformat(since) + grace).isoformat(timespec="seconds")


def _entitled(bundle: Bundle, snapshot: Snapshot, now: datetime) -> tuple[bool, str]:
    try:
        entitled = entitle(bundle, snapshot, now)
    except Held as unknown:
        return False, str(unknown)
    return bool(entitled.mask[0]), entitled.why(0)


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


def _with_better(
    standing: Standing, bundles: list[Bundle], snapshot: Snapshot, view: CloseUp, terms: Terms
) -> Standing:
    """Name the better bundle whose active license takes this one's place."""
    by_id = {bundle.id: bundle for bundle in bundles}
    holding = Holding(snapshot.people)
    for other in sorted(Relations(bundles).better(standing.bundle)):
        better = by_id[other]
        inside = better.target.group in view.direct and holding.active(better)[0]
        if standing.entitled and inside and terms.mode_of(better) == "live":
            why = f"superseded by {better.name}, which is active"
            return replace(standing, entitled=False, why=f"{why} ({standing.why})")
    return standing


def _with_path(
    standing: Standing, bundle: Bundle, view: CloseUp, whole: Snapshot | None
) -> Standing:
    """Say through which nested groups a person is in the group that the reason names."""
    for group in (*bundle.policy.groups, *bundle.policy.excluded.groups):
        if whole is None or group.id not in standing.why or group.id in view.direct:
            continue
        path = whole.memberships.path(group.id, view.direct)
        if path:
            through = " in ".join(whole.group_name(one) for one in path)
            return replace(standing, why=f"{standing.why}, through {through}")
    return standing
