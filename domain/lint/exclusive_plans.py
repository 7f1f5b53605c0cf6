"""Find service plans that exclude each other, in one bundle or in two that one person can hold."""

from collections.abc import Iterator
from itertools import combinations

from domain.bundle import Bundle
from domain.inventory.service_plans import clashes
from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Entra refuses the second license with a MutuallyExclusiveViolation."""
    also = case.tenant.exclusive_plans
    for bundle in case.pushed:
        plans = case.all_plans(bundle)
        for plan, excluded in clashes(plans, plans, also):
            if plan < excluded:
                sentence = f"{plan} and {excluded} exclude each other. Disable one of them."
                yield case.error(bundle, sentence, "products")
    pushed = {bundle.id for bundle in case.pushed}
    for first, second in combinations(sorted(case.bundles), 2):
        pair = (first, second) if first in pushed else (second, first)
        one, other = (case.bundles[id] for id in pair)
        found = clashes(case.all_plans(one), case.all_plans(other), also)
        if found:
            yield from _together(one, other, found[0], case)


def _together(one: Bundle, other: Bundle, clash: tuple[str, str], case: Case) -> Iterator[Finding]:
    what = f"{clash[0]} excludes {clash[1]} of {other.id}"
    if other.id in case.relations.worse(one.id) | case.relations.better(one.id):
        yield case.error(
            one,
            f"{what}: whoever has the one cannot be given the other first, as superseding does."
            " Use an exclusion instead.",
            "supersedes",
        )
        return
    count = case.both(one, other)
    if count is None:
        yield case.warning(one, f"{what}, and nobody can tell who is entitled to both.", "policy")
    elif count:
        people = "1 person is" if count == 1 else f"{count:,} people are"
        yield case.error(
            one,
            f"{what}, and {people} entitled to both. Exclude them here or there.",
            "policy",
        )
