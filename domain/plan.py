"""Plans: all changes of one compile of one bundle, decided and not done."""

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.change import Action, Change
from domain.ledger import Wait


class PlanState(StrEnum):
    """What became of a plan."""

    EMPTY = "empty"
    HELD = "held"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between who should hold a bundle and who does, at one moment.

    Revokes come before grants, each in order of person: the seats that revokes free are the seats
    that later grants take.
    """

    bundle: str
    target: str
    entitled: int
    """People the policy entitles."""
    holders: int
    """People in the target as seen."""
    changes: tuple[Change, ...] = ()
    waiting: tuple[Wait, ...] = ()
    kept: int = 0
    """Members without an entitlement that stay, because Seatflow did not add them."""
    held: tuple[str, ...] = ()
    """Why the plan must not be sent; empty when it may."""

    @property
    def revokes(self) -> int:
        """How many people lose the bundle."""
        return sum(change.action is Action.REVOKE for change in self.changes)

    @property
    def grants(self) -> int:
        """How many people gain the bundle."""
        return len(self.changes) - self.revokes

    @property
    def fingerprint(self) -> str:
        """Identify exactly these changes at exactly this target; reasons do not count."""
        what = [self.bundle, self.target, [[c.action, c.person] for c in self.changes]]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]

    @property
    def state(self) -> PlanState:
        """Held for a reason, empty, or to be sent."""
        if self.held:
            return PlanState.HELD
        return PlanState.SENT if self.changes else PlanState.EMPTY

    def hold(self, reason: str) -> "Plan":
        """Return this plan with one more reason not to send it."""
        return replace(self, held=(*self.held, reason))
