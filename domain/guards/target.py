"""Hold a plan whose target people cannot be put into, or which carries no license for a product."""

from domain.guards.case import Case
from domain.plan import Plan

RELEASABLE = False


def judge(plan: Plan, case: Case) -> str | None:
    """Say what is wrong with the target group and how to mend it."""
    group = case.snapshot.groups[case.draft.bundle.target.group]
    unfit = group.unfit_as_target()
    if unfit is not None:
        return unfit
    for sku in case.draft.bundle.skus():
        if sku not in group.licenses:
            product = case.snapshot.products.get(sku)
            if product is None:
                return f"The tenant has no subscription for product {sku}."
            return (
                f"Target group {group.name} ({group.id}) does not carry {product.part_number}."
                " Assign the license to the group."
            )
    return None
