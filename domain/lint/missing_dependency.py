"""Find service plans that need another, which neither the bundle nor what it requires brings."""

from collections.abc import Iterator

from domain.bundle import Bundle
from domain.inventory.service_plans import needs
from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """A warning: people may have what is needed by a way that no bundle knows."""
    if case.snapshot is None:
        return
    for bundle in case.pushed:
        at_hand = case.all_plans(bundle) | _required(bundle, case)
        off = _disabled(bundle, case)
        for at, assignment in enumerate(bundle.products):
            for plan in sorted(case.plans(assignment)):
                wanted = needs(plan)
                if not wanted or at_hand.intersection(wanted) or off.intersection(wanted):
                    continue
                sentence = (
                    f"{plan} needs {' or '.join(wanted)}, which neither this bundle nor one it"
                    " requires brings. Add the product, or `requires`."
                )
                yield case.warning(bundle, sentence, "products", at, "sku")


def _required(bundle: Bundle, case: Case) -> frozenset[str]:
    """Return the plans that everyone who holds what the bundle requires has in any case."""
    found: frozenset[str] = frozenset()
    for serving in case.relations.needs(bundle.id):
        brought = [case.all_plans(case.bundles[base]) for base in serving]
        found |= frozenset.intersection(*brought)
    return found


def _disabled(bundle: Bundle, case: Case) -> frozenset[str]:
    """Return the plans switched off, which another check looks at."""
    products = case.snapshot.products if case.snapshot else {}
    return frozenset(
        products[assignment.sku].plans.get(plan, "")
        for assignment in bundle.products
        if assignment.sku in products
        for plan in assignment.disabled_plans
    )
