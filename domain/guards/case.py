"""What a guard may look at beside the plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.change import Action
from domain.decision.draft import Draft
from domain.decision.known import Known
from domain.decision.sent import Sent
from domain.head import Head
from domain.inventory.snapshot import Snapshot
from domain.plan import Plan
from domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Totals:
    """Over all bundles of one compile."""

    holders: int
    revokes: Sent
    grants: Sent


@dataclass(frozen=True, slots=True)
class Case:
    """The draft of a plan, what was sent lately, and the terms."""

    draft: Draft
    head: Head
    snapshot: Snapshot
    terms: Terms
    totals: Totals
    now: datetime

    def sent(self, plan: Plan, action: Action) -> Sent:
        """Return what this plan sends, and what went out before it."""
        return _sent([(self.head, plan)], action, self.now)


def totals_of(plans: Iterable[Plan], known: Mapping[str, Known], now: datetime) -> Totals:
    """Count over all plans that may be sent, and over what every bundle sent lately."""
    live = {plan.bundle: plan for plan in plans if plan.mode == "live"}
    pairs = [(each.head, live.get(id)) for id, each in known.items()]
    return Totals(
        holders=sum(plan.holders if plan else head.holders for head, plan in pairs),
        revokes=_sent(pairs, Action.REVOKE, now),
        grants=_sent(pairs, Action.GRANT, now),
    )


def _sent(pairs: Iterable[tuple[Head, Plan | None]], action: Action, now: datetime) -> Sent:
    total = Sent(0, 0, 0)
    for head, plan in pairs:
        hour = head.sent_since(action, now, timedelta(hours=1))
        day = head.sent_since(action, now)
        total += Sent(plan.limited(action) if plan else 0, hour, day)
    return total
