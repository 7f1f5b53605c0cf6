"""What a candidate policy would do: the answer to what-if, computed and never sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.change import Change
from domain.fact import Mode
from domain.ledger import Wait
from domain.plan import Spared


@dataclass(frozen=True, slots=True)
class BundleEffect:
    """What the candidate policy would do to one bundle."""

    bundle: str
    name: str
    status: str
    """`new`, `changed`, `unchanged` (but concerned, by shared seats or relations)."""
    mode: Mode = "live"
    """Nothing follows from a dry run: its changes are not in the numbers of holders and seats."""
    entitled_before: int = 0
    entitled: int = 0
    persons: int | None = None
    """Humans among the people entitled; None where the tenant's policy joins no accounts."""
    gains: int = 0
    """People entitled by the candidate and not by what is stored."""
    losses: int = 0
    """People entitled by what is stored and not by the candidate."""
    holders: int = 0
    """Now."""
    grants: int = 0
    """What the next compile would send, or hold."""
    revokes: int = 0
    waiting: int = 0
    leaving: int = 0
    kept: int = 0
    holders_before: int = 0
    """Once what is stored has been carried out to the end."""
    holders_after: int = 0
    """Once the candidate has been carried out to the end, held plans included."""
    monthly_effect: float | None = None
    """What the candidate's holders cost more a month; None when a price is not known. Someone who
    holds a product by two bundles counts in both."""
    currency: str = ""
    held: tuple[str, ...] = ()
    """Why the plan would be held; empty when it would be sent."""
    changes: tuple[Change, ...] = ()
    """The first revokes and the first grants, for people to read."""
    waits: tuple[Wait, ...] = ()
    spared: tuple[Spared, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductEffect:
    """What the candidate policy would do to the seats of one product."""

    product: str
    part_number: str
    seats: int
    consumed: int
    """Seats in use now."""
    after_before: int
    """Seats in use once what is stored has been carried out."""
    after: int
    """Seats in use once the candidate has been carried out."""
    monthly: float | None
    """What a seat costs a month; None when no price is known."""
    monthly_effect: float | None
    """What the candidate costs more a month than what is stored; negative saves."""
    currency: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a candidate policy would do against the latest snapshot."""

    snapshot: str
    """When the inventory began that this rests on (ISO 8601)."""
    bundles: tuple[BundleEffect, ...]
    products: tuple[ProductEffect, ...]
    missing: tuple[str, ...]
    """Stored bundles that the candidate does not name; they stay as they are."""
    names: Mapping[str, str] = field(default_factory=dict)
    """User principal names of the people shown, by id."""
    product_names: Mapping[str, str] = field(default_factory=dict)
    """What people call the products, by part number, where the catalog has them."""

    def people(self) -> set[str]:
        """Return everyone shown."""
        found: set[str] = set()
        for each in self.bundles:
            found |= {one.person for one in each.changes} | {one.person for one in each.waits}
            found |= {one.person for one in each.spared}
        return found
