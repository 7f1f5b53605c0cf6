"""Find service plans switched off that another product of the bundle needs."""

from collections.abc import Iterator

from domain.bundle import Bundle
from domain.inventory.service_plans import needs
from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Entra refuses such a license with a DependencyViolation."""
    if case.snapshot is None:
        return
    for bundle in case.pushed:
        enabled = case.all_plans(bundle)
        for plan in sorted(enabled):
            wanted = needs(plan)
            if not enabled.intersection(wanted):
                yield from _switched_off(plan, wanted, bundle, case)


def _switched_off(
    plan: str, wanted: tuple[str, ...], bundle: Bundle, case: Case
) -> Iterator[Finding]:
    for at, assignment in enumerate(bundle.products):
        product = case.snapshot.products.get(assignment.sku) if case.snapshot else None
        for index, disabled in enumerate(assignment.disabled_plans if product else ()):
            name = product.plans.get(disabled) if product else None
            if name in wanted:
                path = ("products", at, "disabled_plans", index)
                sentence = f"{name} is disabled, but {plan} of this bundle needs"
                yield case.error(bundle, f"{sentence} {' or '.join(wanted)}.", *path)
