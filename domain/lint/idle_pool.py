"""Find pools of a product that their bundles do not hand out."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """An error when it is none of them: the seats would be set aside for no one."""
    for at, pool in enumerate(case.tenant.pools):
        known = [case.bundles[id] for id in pool.bundles if id in case.bundles]
        without = [bundle.id for bundle in known if pool.product not in bundle.skus()]
        name = case.product_name(pool.product)
        if known and len(without) == len(known):
            sentence = f"No bundle of pool {pool.name} hands out {name}."
            yield case.tenant_error(sentence, "pools", at, "bundles")
        elif without:
            sentence = f"In pool {pool.name}, {', '.join(without)} does not hand out {name}."
            yield case.tenant_warning(sentence, "pools", at, "bundles")
