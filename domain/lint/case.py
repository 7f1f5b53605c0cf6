"""What a check may look at: the policy as it would be in force, and the tenant as last seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property

from domain.bundle import Assignment, Bundle
from domain.bundle_text import Candidate, Placed
from domain.entitlement import entitle
from domain.errors import Held
from domain.lint.finding import Finding
from domain.people import Mask
from domain.relations import Relations
from domain.rule import View, parse_rule
from domain.snapshot import Snapshot
from domain.tenant_policy import TenantPolicy

type Path = tuple[str | int, ...]


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
    _masks: dict[Bundle, Mask | str] = field(default_factory=dict, repr=False)

    @cached_property
    def bundles(self) -> Mapping[str, Bundle]:
        """Every bundle that would be in force, by id: stored ones give way to the candidate's."""
        both = (*self.stored, *(placed.bundle for placed in self.candidate.bundles))
        return {bundle.id: bundle for bundle in both}

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

    def meets(self, rule: str) -> Mask | None:
        """Return who meets a rule; None when nobody can tell."""
        if self._view is None:
            return None
        try:
            return parse_rule(rule).of(self._view)
        except Held:
            return None

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


def rules_of(bundle: Bundle) -> Iterator[tuple[Path, str]]:
    """Yield every rule of a bundle with the path to it."""
    policy = bundle.policy
    if policy.rule is not None:
        yield ("policy", "rule"), policy.rule
    if policy.excluded.rule is not None:
        yield ("policy", "excluded", "rule"), policy.excluded.rule
    for at, rule in enumerate(bundle.priority):
        yield ("priority", at), rule


def groups_of(bundle: Bundle) -> Iterator[tuple[Path, str]]:
    """Yield every group a bundle reads, with the path to it."""
    for at, group in enumerate(bundle.policy.groups):
        yield ("policy", "groups", at), group.id
    for at, group in enumerate(bundle.policy.excluded.groups):
        yield ("policy", "excluded", "groups", at), group.id
    for path, rule in rules_of(bundle):
        for named in parse_rule(rule).groups:
            yield path, named


def people_of(bundle: Bundle) -> Iterator[tuple[Path, str]]:
    """Yield every person a bundle names, with the path to her."""
    policy = bundle.policy
    for at, person in enumerate(policy.people):
        yield ("policy", "people", at), person
    for at, request in enumerate(policy.requests):
        yield ("policy", "requests", at, "person"), request.person
    for at, person in enumerate(policy.excluded.people):
        yield ("policy", "excluded", "people", at), person


def nearest(name: str, known: Mapping[str, str] | Sequence[str]) -> str:
    """Return a question that names what may have been meant, or nothing.

    Args:
        known: the names there are, or names with what people call them.
    """
    found = get_close_matches(name, list(known), 1, cutoff=0.75)
    if not found:
        return ""
    called = f"{known[found[0]]}, " if isinstance(known, Mapping) else ""
    return f" Did you mean {called}{found[0]}?"
