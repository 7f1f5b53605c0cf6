"""Sketches: small tenants drawn by chance, told by the role each person plays in each bundle.

A sketch is plain data. `Stage` turns it into what a compile takes; the plain questions (`entitled`,
`active`, `better` …) answer what policy means without any of the code that decides.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.controls import Controls, Pause, Protection
from domain.decision.compile import compile_plans
from domain.decision.difference import differences_of
from domain.decision.known import Known
from domain.head import Approval, Head
from domain.inventory.group import Group
from domain.inventory.people import Person, Value
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ledger import Leave, Page, Row, State, Wait
from domain.plan import Plan
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from tests.unit.worlds import NOW, guid, snapshot

PRODUCTS = ("P", "Q", "R")
LONG_AGO = NOW - timedelta(days=100)


class Role(Enum):
    """How a person stands with one bundle: (entitled, member of its target)."""

    STAYER = (True, True)
    JOINER = (True, False)
    LEAVER = (False, True)
    STRANGER = (False, False)

    @property
    def entitled(self) -> bool:
        return self.value[0]

    @property
    def member(self) -> bool:
        return self.value[1]


@dataclass(frozen=True)
class Offer:
    """A bundle: products, relations, and the role of each person by number."""

    id: str
    products: tuple[str, ...]
    roles: tuple[Role, ...]
    dry: bool = False
    unmanaged: str = "keep"
    grace: str = "0h"
    by_rule: bool = False
    """Entitled by an attribute of the person instead of by a group."""
    supersedes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    first: frozenset[int] = frozenset()
    """People who come before others for a seat."""
    ours: frozenset[int] = frozenset()
    """Members whom Seatflow put in."""
    excluded: frozenset[int] = frozenset()
    moving: Mapping[int, Action] = field(default_factory=dict)
    """What is on its way."""
    waited: frozenset[int] = frozenset()
    leaving: frozenset[int] = frozenset()
    """Who is in grace, since the beginning of last year or of this day."""
    since: str = "2025-01-01T00:00:00+00:00"
    held: str = ""
    limit: int | None = None
    """So many revokes, and so many grants, are allowed at once."""


@dataclass(frozen=True)
class Sketch:
    """A tenant as drawn."""

    offers: tuple[Offer, ...]
    people: int
    seats: Mapping[str, int]
    pool: Mapping[str, Any] | None = None
    protected: frozenset[int] = frozenset()
    direct: frozenset[tuple[int, str]] = frozenset()
    """Who holds a product by no bundle."""
    paused: bool = False
    mode: str = "live"
    filled: bool = False
    """No source group is ever empty: each has one more person, who is excluded."""

    def offer(self, id: str) -> Offer:
        return next(each for each in self.offers if each.id == id)


# Drawing.


class Chance:
    """Choices taken from drawn bytes, one after the other.

    A sketch has some hundred choices; drawn one by one they would take longer than all the rest.
    """

    def __init__(self, drawn: bytes) -> None:
        self._bytes = iter(drawn)

    def upto(self, most: int) -> int:
        """Return a number from 0 to `most`, at most 255."""
        return next(self._bytes) % (most + 1)

    def rarely(self) -> bool:
        return self.upto(9) == 9

    def of[T](self, *items: T) -> T:
        return items[self.upto(len(items) - 1)]

    def some[T](self, items: Sequence[T], most: int = 8) -> list[T]:
        """Return some of the items, in their order."""
        bits = self.upto(255)
        return [item for place, item in enumerate(items) if bits >> place & 1][:most]


def sketches(
    *, calm: bool = False, sound: bool = False, plenty: bool = False
) -> st.SearchStrategy[Sketch]:
    """Draw a tenant.

    Args:
        calm: nothing is on its way, held, limited, paused or of a dry run.
        sound: the relations are such as lint lets pass.
        plenty: there are seats for everyone, and no pool.
    """
    drawn = st.binary(min_size=160, max_size=160)
    return drawn.map(lambda told: sketch_of(told, calm, sound, plenty))


def sketch_of(drawn: bytes, calm: bool, sound: bool, plenty: bool) -> Sketch:
    """Return the tenant that these bytes stand for."""
    chance = Chance(drawn)
    people = range(1 + chance.upto(4))
    ids = [f"b{number}" for number in range(1 + chance.upto(3))]
    offers = tuple(_offer(chance, id, ids, people, calm) for id in ids)
    if sound:
        offers = _sound(offers)
    seats = {sku: 100 if plenty else chance.upto(len(people) + 2) for sku in PRODUCTS}
    pool = None if plenty or chance.upto(1) else _pool(chance, ids)
    return Sketch(
        offers,
        len(people),
        seats,
        pool,
        frozenset() if calm or chance.upto(1) else frozenset(chance.some(people, 2)),
        frozenset((chance.of(*people), sku) for sku in chance.some(PRODUCTS) if chance.upto(1)),
        not calm and chance.rarely(),
        "dry-run" if not calm and chance.rarely() else "live",
        filled=calm,
    )


def _sound(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Leave out relations that go round in a circle, or in which a bundle takes its own base."""
    made: list[Offer] = []
    below: dict[str, set[str]] = {}
    for one in offers:
        worse = {other for other in one.supersedes if other < one.id}
        below[one.id] = worse.union(*(below[other] for other in worse))
        needs = {other for other in one.requires if other < one.id} - below[one.id]
        made.append(replace(one, supersedes=tuple(sorted(worse)), requires=tuple(sorted(needs))))
    return tuple(made)


def _offer(chance: Chance, id: str, ids: Sequence[str], people: range, calm: bool) -> Offer:
    others = [other for other in ids if other != id]
    today = f"{NOW:%Y-%m-%d}T00:00:00+00:00"
    return Offer(
        id,
        tuple(chance.some(PRODUCTS, 2)) or PRODUCTS[:1],
        tuple(chance.of(*Role) for _ in people),
        dry=not calm and chance.rarely(),
        unmanaged="remove" if calm else chance.of("keep", "adopt", "remove"),
        grace="0h" if calm else chance.of("0h", "0h", "1d"),
        by_rule=chance.of(False, True),
        supersedes=tuple(chance.some(others, 2)) if chance.upto(1) else (),
        requires=tuple(chance.some(others, 2)) if chance.upto(3) == 3 else (),
        first=frozenset(chance.some(people)),
        ours=frozenset(chance.some(people)),
        excluded=frozenset(chance.some(people)) if chance.rarely() else frozenset(),
        moving={} if calm else {n: chance.of(*Action) for n in chance.some(people, 2)},
        waited=frozenset(chance.some(people)),
        leaving=frozenset(chance.some(people)),
        since=chance.of("2025-01-01T00:00:00+00:00", today),
        held="" if calm else chance.of("", "", "over a limit"),
        limit=None if calm else chance.of(None, None, 0, 1),
    )


def _pool(chance: Chance, ids: Sequence[str]) -> dict[str, Any]:
    return {
        "name": "Set aside",
        "product": chance.of(*PRODUCTS),
        "seats": chance.upto(4),
        "bundles": chance.some(ids) or ids[:1],
        "overflow": chance.of(False, True),
    }


# Plain questions.


def who(number: int) -> str:
    """Return the object id of a person."""
    return guid(f"p{number}")


def entitled(offer: Offer) -> set[int]:
    """Return whom policy entitles, exclusions heeded and relations not."""
    return {n for n, role in enumerate(offer.roles) if role.entitled} - offer.excluded


def members(offer: Offer) -> set[int]:
    return {n for n, role in enumerate(offer.roles) if role.member}


def better(sketch: Sketch, id: str) -> set[str]:
    """Return the bundles above one, without those that are below it too."""
    above = _above(sketch, id)
    return {other for other in above if id not in _above(sketch, other)}


def _above(sketch: Sketch, id: str) -> set[str]:
    found: set[str] = set()
    while True:
        more = {
            one.id
            for one in sketch.offers
            if {id, *found}.intersection(one.supersedes) and one.id not in found
        }
        if not more:
            return found
        found |= more


def is_dry(sketch: Sketch, offer: Offer) -> bool:
    return offer.dry or sketch.mode == "dry-run"


# Staging.


@dataclass
class Stage:
    """A sketch as a compile takes it; tests may change what it holds before `plans` is called."""

    sketch: Sketch
    now: datetime = NOW
    whole: bool = True
    shown: Sequence[int] | None = None
    """The people of a close-up; by default everyone, in this order."""
    lost_groups: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()
    """Bundles whose source group is empty by mistake."""
    shrunken: frozenset[str] = frozenset()
    """Bundles whose source group lost its first member by mistake."""
    unread: bool = False
    """The attribute that rules ask for was never read."""
    sizes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    approvals: Mapping[str, str] = field(default_factory=dict)
    licenses: Set[tuple[int, str]] | None = None
    """Who has active licenses by which bundle; by default the members have."""
    rows: Mapping[str, Mapping[str, Row]] | None = None
    """What the ledger has of each bundle's people; by default a grant of long ago."""
    order: Sequence[str] | None = None

    def active(self, person: int, offer: Offer) -> bool:
        """Tell whether a person has the licenses of a bundle by its target."""
        if self.licenses is None:
            return offer.roles[person].member
        return (person, offer.id) in self.licenses

    def holding(self, person: int) -> set[str]:
        """Return the products a person holds by any route."""
        by_bundle = {
            sku for one in self.sketch.offers if self.active(person, one) for sku in one.products
        }
        return by_bundle | {sku for number, sku in self.sketch.direct if number == person}

    def snapshot(self) -> Snapshot:
        everyone = range(self.sketch.people)
        extra = ["Extra"] if self.sketch.filled else []
        shown = list(everyone) if self.shown is None else list(self.shown)
        groups: dict[Group, list[str]] = {}
        for one in self.sketch.offers:
            inside = [n for n in shown if one.roles[n].member]
            target = Group(guid(one.id), one.id, licenses=dict.fromkeys(_ids(one.products), ()))
            groups[target] = [f"p{n}" for n in inside]
            excluded = [f"p{n}" for n in shown if n in one.excluded]
            groups[Group(guid(f"not {one.id}"), f"not {one.id}")] = excluded + extra
            if one.id not in self.lost_groups:
                source = Group(guid(f"for {one.id}"), f"for {one.id}")
                groups[source] = extra + [f"p{n}" for n in self._source(one) if n in shown]
        used = [self.holding(n) for n in everyone]
        products = [
            Product(guid(sku), sku, seats, 0, sum(sku in held for held in used))
            for sku, seats in self.sketch.seats.items()
        ]
        people = [self._person(n) for n in shown]
        people += [Person(guid(name), {"objectId": guid(name)}) for name in extra]
        made = snapshot(people, groups, products, whole=self.whole, taken_at=self.now)
        if self.unread:
            made.people.columns.pop("extensionAttribute1")  # type: ignore[attr-defined]
        return made

    def _source(self, one: Offer) -> list[int]:
        found = [n for n, role in enumerate(one.roles) if role.entitled]
        if one.id in self.emptied:
            return []
        return found[1:] if one.id in self.shrunken else found

    def _person(self, number: int) -> Person:
        named = [one.id for one in self.sketch.offers if one.roles[number].entitled]
        ranked = [f"first {one.id}" for one in self.sketch.offers if number in one.first]
        attributes: dict[str, Value] = {
            "objectId": who(number),
            "accountEnabled": True,
            "extensionAttribute1": " ".join(f"<{each}>" for each in (*named, *ranked)),
        }
        return Person(who(number), attributes, _ids(sorted(self.holding(number))))

    def bundles(self) -> list[Bundle]:
        made = [self._bundle(one) for one in self.sketch.offers]
        order = self.order or [one.id for one in self.sketch.offers]
        return sorted(made, key=lambda each: order.index(each.id))

    def _bundle(self, one: Offer) -> Bundle:
        rule = f'user.extensionAttribute1 -contains "<{one.id}>"'
        source = {"rule": rule} if one.by_rule else {"groups": [guid(f"for {one.id}")]}
        limit = {"percent": None, "count": one.limit}
        return Bundle.model_validate(
            {
                "id": one.id,
                "name": one.id.upper(),
                "mode": "dry-run" if one.dry else "live",
                "target": {"group": guid(one.id)},
                "products": [{"sku": sku} for sku in _ids(one.products)],
                "policy": {**source, "excluded": {"groups": [guid(f"not {one.id}")]}},
                "unmanaged": one.unmanaged,
                "grace": one.grace,
                "priority": [f'user.extensionAttribute1 -contains "<first {one.id}>"'],
                "supersedes": one.supersedes,
                "requires": one.requires,
                "limits": {
                    "revokes": limit,
                    "grants": limit,
                    "shrink": {"percent": 0, "floor": 0},
                },
            }
        )

    def terms(self) -> Terms:
        sketch = self.sketch
        protected = {who(n): Protection(who(n), "ben", NOW, "trial") for n in sketch.protected}
        pause = Pause("ben", NOW, "audit") if sketch.paused else None
        pools = []
        if sketch.pool:
            pools = [{**sketch.pool, "product": guid(sketch.pool["product"])}]
        tenant = TenantPolicy.model_validate(
            {"pools": pools, "limits": {"revokes": {"percent": None}}}
        )
        return Terms(
            tenant, Controls(pause, protected), "live" if sketch.mode == "live" else "dry-run"
        )

    def known(self) -> dict[str, Known]:
        return {bundle.id: self._known(bundle) for bundle in self.bundles()}

    def _known(self, bundle: Bundle) -> Known:
        one = self.sketch.offer(bundle.id)
        pages = [
            _page(bundle, number, Change(action, who(person), "decided before"))
            for number, (person, action) in enumerate(sorted(one.moving.items()))
        ]
        print_ = self.approvals.get(one.id)
        approval = (
            Approval(print_, "ada", self.now, self.now + timedelta(hours=1)) if print_ else None
        )
        return Known(
            bundle,
            Head(
                one.id,
                held=one.held,
                holders=len(members(one)),
                sizes=self.sizes.get(one.id, {}),
                approval=approval,
            ),
            pages,
            waiting={who(n): Wait(who(n), "2026-01-01", "") for n in one.waited},
            leaving={who(n): Leave(who(n), one.since, "") for n in one.leaving},
            rows=self._rows(one),
            adopted=frozenset(who(n) for n in entitled(one) & members(one)),
        )

    def _rows(self, one: Offer) -> Mapping[str, Row]:
        if self.rows is not None:
            return self.rows.get(one.id, {})
        return {who(n): row_of(one.id, n, Action.GRANT, LONG_AGO) for n in one.ours & members(one)}

    def compiled(self) -> dict[str, Plan]:
        """Return the plans by bundle; a bundle that cannot be compared has none."""
        world, known, bundles, terms = self.snapshot(), self.known(), self.bundles(), self.terms()
        differences, _ = differences_of(bundles, known, world, terms, self.now)
        return {
            plan.bundle: plan for plan in compile_plans(differences, known, world, terms, self.now)
        }


def _ids(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(guid(name) for name in names)


def _page(bundle: Bundle, number: int, change: Change) -> Page:
    id, target = f"{bundle.id}.1.{number}", bundle.target.group
    return Page(id, bundle.id, target, number, "", "", (change,), LONG_AGO, LONG_AGO, LONG_AGO)


def row_of(bundle: str, person: int, action: Action, at: datetime) -> Row:
    """Return the record of a change that took effect."""
    ours, done = action is Action.GRANT, State.CONFIRMED
    return Row(bundle, who(person), action, done, "", "", 1, "", "", LONG_AGO, ours, at)
