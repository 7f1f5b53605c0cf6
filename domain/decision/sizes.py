"""How large the sources of a bundle are: what a later compile is compared with."""

from collections.abc import Mapping

from domain.bundle import Bundle
from domain.change import Action
from domain.decision.difference import Difference
from domain.decision.limits import Shrink
from domain.inventory.snapshot import Snapshot
from domain.plan import Plan

TENANT = "tenant"
"""Stands for everyone inventoried, among the ids of groups."""


def sizes_of(difference: Difference, snapshot: Snapshot) -> dict[str, int]:
    """Return how many people each source group has, and the tenant."""
    return {TENANT: len(snapshot.people), **difference.entitled.sizes}


def shrank(before: int, now: int, shrink: Shrink) -> bool:
    """Tell whether a source has lost more than is believed without a person's word."""
    return before - now > max(shrink.floor, int(before * shrink.percent / 100))


def believed(plan: Plan, before: Mapping[str, int], bundle: Bundle) -> dict[str, int]:
    """Return the sizes to compare later plans with, now that this one is not held.

    While revokes are put off (people in grace, licenses kept until others are active), or grants
    (people without a seat), what would hold them is not forgotten: a source that shrank keeps its
    size until they are judged. The same where the tenant itself shrank: of whom is not inventoried
    nothing follows yet, and all of it once she is seen again without her groups.
    """
    if plan.approved_by:
        return dict(plan.sizes)
    shrunk = {
        source
        for source, now in plan.sizes.items()
        if shrank(before.get(source, now), now, bundle.limits.shrink)
    }
    spared = {each.action for each in plan.spared}
    revokes = TENANT in shrunk or bool(plan.leaving) or Action.REVOKE in spared
    grants = TENANT in shrunk or bool(plan.waiting) or Action.GRANT in spared
    excluding = set(bundle.policy.excluded.source_groups())
    doubtful = {source for source in shrunk if (grants if source in excluding else revokes)}
    return {source: before[source] if source in doubtful else n for source, n in plan.sizes.items()}
