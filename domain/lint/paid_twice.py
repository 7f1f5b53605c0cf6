"""Find products that people would be given although another bundle brings them all of it."""

from collections.abc import Iterator

from domain.bundle import Bundle
from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Compare each product with every other bundle that some of the same people get."""
    if case.snapshot is None:
        return
    for bundle in case.pushed:
        for other in case.bundles.values():
            related = case.relations.worse(bundle.id) | case.relations.better(bundle.id)
            if other.id != bundle.id and other.id not in related:
                yield from _covered(bundle, other, case)


def _covered(bundle: Bundle, other: Bundle, case: Case) -> Iterator[Finding]:
    skus = other.skus()
    brought = case.all_plans(other)
    for at, assignment in enumerate(bundle.products):
        plans = case.plans(assignment)
        if assignment.sku in skus or not plans or not plans <= brought:
            continue
        count = case.both(bundle, other)
        if count:
            people = "1 person gets" if count == 1 else f"{count:,} people get"
            sentence = (
                f"{people} {case.product_name(assignment.sku)} here and all of its service plans"
                f" from {other.id} too. Let that one supersede this one, or exclude them."
            )
            yield case.warning(bundle, sentence, "products", at, "sku")
