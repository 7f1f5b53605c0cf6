"""Find pools that set aside more seats than there are."""

from collections import defaultdict
from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Add up the pools of each product; a warning, for seats can be bought later."""
    if case.snapshot is None:
        return
    asked: defaultdict[str, int] = defaultdict(int)
    for at, pool in enumerate(case.tenant.pools):
        product = case.snapshot.products.get(pool.product)
        asked[pool.product] += pool.seats
        if product is not None and asked[pool.product] > product.seats:
            sentence = (
                f"The pools of {product.part_number} up to this one set aside"
                f" {asked[pool.product]:,} seats; there are {product.seats:,}."
            )
            yield case.tenant_warning(sentence, "pools", at, "seats")
