"""What a check may look at: the policy as it would be in force, and the tenant as last seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from domain.bundle import Assignment, Bundle
from domain.bundle_text import Candidate, Placed
from domain.decision.entitlement import entitle
from domain.decision.relations import Relations
from domain.errors import Held
from domain.inventory.people import Mask
from domain.inventory.snapshot import Snapshot
from domain.lint.finding import Finding
from domain.rule import View, parse_rule
from domain.tenant_policy import TenantPolicy


@dataclass(frozen=True)
class Case:
    """The candidate, what it does not replace, and the snapshot; None before the first one.

    A check yields findings by `error` and `warning` on a bundle, and by `tenant_error` and
    `tenant_warning` on the tenant's policy. Whatever no file of the candidate says is a warning at
    most: it must not stop a push that may mend it.
    """

    candidate: Candidate
    stored: Sequence[Bundle]
    tenant: TenantPolicy
    snapshot: Snapshot | None
    now: datetime
    offline: bool = False
    """Nobody can tell which bundles are stored."""
    _masks: dict[Bundle, Mask | str] = field(default_factory=dict, repr=False)
    _met: dict[str, int | None] = field(default_factory=dict, repr=False)

    @cached_property
    def bundles(self) -> Mapping[str, Bundle]:
        """Every bundle that would be in force, by id: stored ones give way to the candidate's."""
        both = (*self.stored, *(placed.bundle for placed in self.candidate.bundles))
        return {bundle.id: bundle for bundle in both}

    @property
    def population(self) -> int:
        """How many people the snapshot has."""
        return len(self.snapshot.people) if self.snapshot else 0

    @property
    def pushed(self) -> list[Bundle]:
        """The candidate's own bundles."""
        return [placed.bundle for placed in self.candidate.bundles]

    @cached_property
    def relations(self) -> Relations:
        """What supersedes and requires what."""
        return Relations(self.bundles.values())

    def error(self, bundle: Bundle, sentence: str, *path: str | int) -> Finding:
        """Say that something about a bundle cannot work."""
        placed = self._placed.get(bundle.id)
        if placed is None:
            return self.warning(bundle, sentence, *path)
        return Finding("error", placed.at(*path), "", sentence)

    def warning(self, bundle: Bundle, sentence: str, *path: str | int) -> Finding:
        """Say that something about a bundle is suspicious."""
        placed = self._placed.get(bundle.id)
        at = placed.at(*path) if placed else f"{bundle.id} (stored)"
        return Finding("warning", at, "", sentence)

    def tenant_error(self, sentence: str, *path: str | int) -> Finding:
        """Say that something about the tenant's policy cannot work."""
        if self.candidate.tenant is None:
            return self.tenant_warning(sentence, *path)
        return Finding("error", self.candidate.tenant_at(*path), "", sentence)

    def tenant_warning(self, sentence: str, *path: str | int) -> Finding:
        """Say that something about the tenant's policy is suspicious."""
        at = self.candidate.tenant_at(*path) if self.candidate.tenant else "tenant (stored)"
        return Finding("warning", at, "", sentence)

    def entitled(self, bundle: Bundle) -> Mask | None:
        """Return who is entitled to a bundle; None when nobody can tell."""
        found = self._entitled(bundle)
        return None if isinstance(found, str) else found

    def undecided(self, bundle: Bundle) -> str | None:
        """Return why nobody can tell who is entitled, or None when that is known."""
        found = self._entitled(bundle)
        return found if isinstance(found, str) else None

    def both(self, one: Bundle, other: Bundle) -> int | None:
        """Count the people entitled to two bundles; None when nobody can tell."""
        first, second = self.entitled(one), self.entitled(other)
        if first is None or second is None:
            return None
        return int((first & second).sum())

    def met(self, rule: str) -> int | None:
        """Count the people who meet a rule; None when nobody can tell."""
        if rule not in self._met:
            self._met[rule] = self._count(rule)
        return self._met[rule]

    def plans(self, assignment: Assignment) -> frozenset[str]:
        """Return the names of the service plans a product of a bundle leaves enabled."""
        product = self.snapshot.products.get(assignment.sku) if self.snapshot else None
        plans = product.plans.items() if product else ()
        off = assignment.disabled_plans
        return frozenset(name for plan, name in plans if plan not in off)

    def all_plans(self, bundle: Bundle) -> frozenset[str]:
        """Return the names of the service plans a bundle brings."""
        return frozenset().union(*(self.plans(each) for each in bundle.products))

    def product_name(self, sku: str) -> str:
        """Return a product's part number where it is known."""
        product = self.snapshot.products.get(sku) if self.snapshot else None
        return product.part_number if product else f"product {sku}"

    @cached_property
    def _placed(self) -> Mapping[str, Placed]:
        return {placed.bundle.id: placed for placed in self.candidate.bundles}

    @cached_property
    def _view(self) -> View | None:
        seen = self.snapshot
        return View(seen.people, seen.memberships, self.now) if seen else None

    def _count(self, rule: str) -> int | None:
        if self._view is None or not len(self._view.people):
            return None
        try:
            return int(parse_rule(rule).of(self._view).sum())
        except Held:
            return None

    def _entitled(self, bundle: Bundle) -> Mask | str:
        if bundle not in self._masks:
            self._masks[bundle] = self._decide(bundle)
        return self._masks[bundle]

    def _decide(self, bundle: Bundle) -> Mask | str:
        if self.snapshot is None:
            return "There is no inventory yet."
        try:
            return entitle(bundle, self.snapshot, self.now).mask
        except Held as unknown:
            return str(unknown)
