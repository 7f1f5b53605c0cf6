"""How large the sources of a bundle are: what a later compile is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.bundle import Bundle
from domain.change import Action
from domain.decision.difference import Difference
from domain.decision.entitlement import sizes_of_groups
from domain.decision.limits import Shrink
from domain.errors import Held
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


@dataclass(frozen=True, slots=True)
class Loss:
    """A source that has lost more people than is believed; plans are compared with what it had."""

    source: str
    """A group, or `tenant` for everyone inventoried."""
    before: int
    now: int


def losses(bundle: Bundle, before: Mapping[str, int], snapshot: Snapshot) -> tuple[Loss, ...]:
    """Return the sources of a bundle whose loss is not believed yet, whatever follows from it.

    Args:
        bundle: whose sources.
        before: how many people each had when that was last believed.
        snapshot: how many there are.
    """
    try:
        sizes = {TENANT: len(snapshot.people), **sizes_of_groups(bundle, snapshot)}
    except Held:
        return ()  # a group is unknown, which holds the bundle with a sentence of its own
    shrink = bundle.limits.shrink
    found = {source: (n, sizes.get(source, n)) for source, n in before.items()}
    return tuple(Loss(s, n, now) for s, (n, now) in found.items() if shrank(n, now, shrink))


def believed(plan: Plan, before: Mapping[str, int], bundle: Bundle) -> dict[str, int]:
    """Return the sizes to compare later plans with, now that this one is not held.

    While revokes are put off (people in grace, licenses kept until others are active, what came to
    nothing lately), or grants (people without a seat), what would hold them is not forgotten: a
    source that shrank keeps its size until they are judged. The same where the tenant itself
    shrank: of whom is not inventoried nothing follows yet, and all of it once she is seen again
    without her groups.
    """
    if plan.approved_by:
        return dict(plan.sizes)
    shrunk = {
        source
        for source, now in plan.sizes.items()
        if shrank(before.get(source, now), now, bundle.limits.shrink)
    }
    later = {each.action for each in plan.spared} | plan.undue
    revokes = TENANT in shrunk or bool(plan.leaving) or Action.REVOKE in later
    grants = TENANT in shrunk or bool(plan.waiting) or Action.GRANT in later
    excluding = set(bundle.policy.excluded.source_groups())
    doubtful = {source for source in shrunk if (grants if source in excluding else revokes)}
    return {source: before[source] if source in doubtful else n for source, n in plan.sizes.items()}
