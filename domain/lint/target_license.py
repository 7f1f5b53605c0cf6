"""Find targets that hand out something else than their bundle says."""

from collections.abc import Iterator

from domain.bundle import Assignment, Bundle
from domain.inventory.group import Group
from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Compare with the licenses assigned to the group; a plan is held until they fit."""
    if case.snapshot is None:
        return
    for bundle in case.pushed:
        group = case.snapshot.groups.get(bundle.target.group)
        if group is not None:
            yield from _differences(bundle, group, case)


def _differences(bundle: Bundle, group: Group, case: Case) -> Iterator[Finding]:
    for at, assignment in enumerate(bundle.products):
        name = case.product_name(assignment.sku)
        if assignment.sku not in group.licenses:
            sentence = f"{group.name} does not carry {name}. Assign the license to the group."
            yield case.warning(bundle, sentence, "products", at, "sku")
            continue
        for plans, state in _plans(assignment, group, case):
            sentence = f"{group.name} has {plans} of {name} {state}, unlike this bundle."
            yield case.warning(bundle, sentence, "products", at)
    for sku in sorted(group.licenses.keys() - set(bundle.skus())):
        sentence = f"{group.name} also hands out {case.product_name(sku)}, which is not listed."
        yield case.warning(bundle, f"{sentence} Its seats are not counted.", "products")


def _plans(assignment: Assignment, group: Group, case: Case) -> Iterator[tuple[str, str]]:
    said, seen = set(assignment.disabled_plans), set(group.licenses[assignment.sku])
    product = case.snapshot.products.get(assignment.sku) if case.snapshot else None
    names = product.plans if product else {}
    for plans, state in ((seen - said, "disabled"), (said - seen, "enabled")):
        if plans:
            yield ", ".join(sorted(names.get(plan, plan) for plan in plans)), state
