"""Find add-ons for people who are not to have what the add-on needs."""

from collections.abc import Iterator

import numpy as np

from domain.bundle import Bundle
from domain.inventory.people import Mask
from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Compare entitlements; those people would wait for a base that no bundle gives them."""
    for bundle in case.pushed:
        entitled = case.entitled(bundle)
        for at, base in enumerate(bundle.requires):
            served = _served(base, case)
            if entitled is None or served is None:
                continue
            without = int(np.count_nonzero(entitled & ~served))
            if without:
                yield _finding(bundle, at, base, (without, int(entitled.sum())), case)


def _served(base: str, case: Case) -> Mask | None:
    """Return who is entitled to the base, or to a bundle that supersedes it."""
    if base not in case.bundles:
        return None
    found: Mask | None = None
    for id in case.relations.serving(base):
        mask = case.entitled(case.bundles[id])
        if mask is None:
            return None
        found = mask if found is None else found | mask
    return found


def _finding(bundle: Bundle, at: int, base: str, counts: tuple[int, int], case: Case) -> Finding:
    without, entitled = counts
    sentence = (
        f"{without:,} of the {entitled:,} people entitled are not entitled to {base}, nor to a"
        " bundle that supersedes it: they wait."
    )
    return case.warning(bundle, sentence, "requires", at)
