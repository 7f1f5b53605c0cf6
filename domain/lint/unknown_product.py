"""Find products the tenant has not subscribed to."""

from collections.abc import Iterator, Mapping

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import nearest


def find(case: Case) -> Iterator[Finding]:
    """Look at what bundles hand out, and at what pools and prices are about."""
    if case.snapshot is None:
        return
    known = {sku: product.part_number for sku, product in case.snapshot.products.items()}
    for bundle in case.pushed:
        for at, assignment in enumerate(bundle.products):
            if assignment.sku not in known:
                sentence = _sentence(assignment.sku, known)
                yield case.error(bundle, sentence, "products", at, "sku")
    yield from _tenant(known, case)


def _tenant(known: Mapping[str, str], case: Case) -> Iterator[Finding]:
    for at, pool in enumerate(case.tenant.pools):
        if pool.product not in known:
            sentence = _sentence(pool.product, known)
            yield case.tenant_error(sentence, "pools", at, "product")
    for at, price in enumerate(case.tenant.prices):
        if price.product not in known:
            sentence = _sentence(price.product, known)
            yield case.tenant_warning(sentence, "prices", at, "product")


def _sentence(sku: str, known: Mapping[str, str]) -> str:
    return f"The tenant has no subscription for product {sku}.{nearest(sku, known)}"
