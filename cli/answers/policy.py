"""What the service answers about policy files: findings, what a push stored, what one would do."""

from typing import Annotated

from pydantic import Field

from cli.answers.answer import Answer
from cli.answers.plans import Change, Spared, Wait


class Finding(Answer):
    """Something wrong or doubtful in a policy."""

    level: str
    at: str
    code: str
    sentence: str


class Linted(Answer):
    """What lint found."""

    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings keep the policy from being stored."""
        return sum(finding.level == "error" for finding in self.findings)


class PushedBundle(Answer):
    """One bundle of a push."""

    id: str
    version: int
    changed: bool


class Pushed(Answer):
    """What a push stored."""

    stored: tuple[PushedBundle, ...]
    tenant: int | None = None
    findings: tuple[Finding, ...] = ()


class BundleEffect(Answer):
    """What a candidate policy would do to one bundle."""

    bundle: str
    name: str
    status: str
    mode: str = "live"
    entitled_before: int
    entitled: int
    persons: int | None = None
    """Humans among them, where accounts are joined."""
    gains: int
    losses: int
    holders: int
    grants: int
    revokes: int
    waiting: int
    leaving: int
    kept: int
    holders_before: int = 0
    holders_after: int = 0
    monthly_effect: float | None = None
    currency: str = ""
    held: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    waits: tuple[Wait, ...] = ()
    spared: tuple[Spared, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether nothing happens to it, though it shares seats or relations with what changes."""
        return self.status == "unchanged" and not (
            self.gains or self.losses or self.grants or self.revokes or self.waiting or self.held
        )


class ProductEffect(Answer):
    """What a candidate policy would do to the seats of one product."""

    product: str
    part_number: str
    seats: int
    consumed: int
    after_before: int
    after: int
    monthly: float | None = None
    monthly_effect: float | None = None
    currency: str = ""

    @property
    def quiet(self) -> bool:
        """Whether as many seats are in use either way, and some are left."""
        return self.after == self.after_before and self.after < self.seats


class Effect(Answer):
    """What a candidate policy would do."""

    snapshot: str
    bundles: tuple[BundleEffect, ...]
    products: tuple[ProductEffect, ...]
    missing: tuple[str, ...] = ()
    names: Annotated[dict[str, str], Field(default_factory=dict)]
    """User principal names by id."""
    product_names: Annotated[dict[str, str], Field(default_factory=dict)]
    """By part number."""

    def called(self, product: ProductEffect) -> str:
        """Return what people call a product, or else its part number or id."""
        part_number = product.part_number
        return self.product_names.get(part_number) or part_number or product.product

    @property
    def shown_only(self) -> tuple[BundleEffect, ...]:
        """The bundles in a dry run, of which nothing would be sent."""
        return tuple(bundle for bundle in self.bundles if bundle.mode == "dry-run")

    @property
    def held(self) -> tuple[BundleEffect, ...]:
        """The bundles whose plans would be held."""
        return tuple(bundle for bundle in self.bundles if bundle.held)

    @property
    def monthly(self) -> dict[str, float]:
        """What the candidate costs more a month, by currency; products without a price left out."""
        sums: dict[str, float] = {}
        for product in self.products:
            if product.monthly_effect is not None:
                sums[product.currency] = sums.get(product.currency, 0.0) + product.monthly_effect
        return sums

    @property
    def unpriced(self) -> tuple[ProductEffect, ...]:
        """The products whose seats in use would differ, and whose price nobody named."""
        return tuple(
            product
            for product in self.products
            if product.monthly_effect is None and product.after != product.after_before
        )
