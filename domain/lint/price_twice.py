"""Find products with two prices."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """An error: nobody could tell which of them counts."""
    seen: dict[str, str] = {}
    for at, price in enumerate(case.tenant.prices):
        said = f"{price.monthly:g} {price.currency}"
        if price.product in seen:
            name = case.product_name(price.product)
            sentence = f"{name} has a price already: {seen[price.product]}."
            yield case.tenant_error(sentence, "prices", at, "product")
        seen.setdefault(price.product, said)
