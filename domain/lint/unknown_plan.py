"""Find service plans that a product does not have."""

from collections.abc import Iterable, Iterator

from domain.inventory.product import Product
from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import nearest


def find(case: Case) -> Iterator[Finding]:
    """Look at the plans that bundles disable, and at those the tenant calls exclusive."""
    if case.snapshot is None:
        return
    products = case.snapshot.products
    for bundle in case.pushed:
        for at, assignment in enumerate(bundle.products):
            product = products.get(assignment.sku)
            for field in ("disabled_plans", "enabled_plans"):
                for index, plan in enumerate(getattr(assignment, field)):
                    if product is not None and product.plans and plan not in product.plans:
                        sentence = _sentence(plan, product, case)
                        yield case.error(bundle, sentence, "products", at, field, index)
    yield from _exclusive(products.values(), case)


def _exclusive(products: Iterable[Product], case: Case) -> Iterator[Finding]:
    names = sorted({name for product in products for name in product.plans.values()})
    for at, pair in enumerate(case.tenant.exclusive_plans):
        for name in pair:
            if name not in names:
                sentence = f"No product of the tenant has a service plan {name}."
                sentence = f"{sentence}{nearest(name, names)}"
                yield case.tenant_warning(sentence, "exclusive_plans", at)


def _sentence(plan: str, product: Product, case: Case) -> str:
    elsewhere = case.snapshot.products.values() if case.snapshot else ()
    owner = next((each.part_number for each in elsewhere if plan in each.plans), None)
    hint = f" It is one of {owner}." if owner else nearest(plan, product.plans)
    return f"{product.part_number} has no service plan {plan}.{hint}"
