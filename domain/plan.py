"""Plans: all changes of one compile of one bundle, decided and not done."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.change import Action, Change
from domain.fact import Mode
from domain.ledger import Leave, Wait


class PlanState(StrEnum):
    """What became of a plan."""

    EMPTY = "empty"
    DRY_RUN = "dry-run"
    """Shown, and never sent."""
    HELD = "held"
    RELEASED = "released"
    """Approved by a person; it is sent by the next compile that comes to the same."""
    REFUSED = "refused"
    VOID = "void"
    """A newer compile came to something else before anyone decided."""
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Spared:
    """A change that policy asks for and that is not made now, with the reason."""

    action: Action
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a plan must not be sent."""

    reason: str
    releasable: bool = True
    """A person may send it all the same."""


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
    leaving: tuple[Leave, ...] = ()
    """People in grace: they keep the bundle for a while."""
    spared: tuple[Spared, ...] = ()
    recalled: tuple[Spared, ...] = ()
    """Revokes on their way that are taken back: policy does not ask for them any more."""
    undue: frozenset[Action] = frozenset()
    """What policy asks for beside the changes, as it came to nothing lately and is not due yet."""
    later: int = 0
    """How many of those spared lose the bundle as soon as something else has been done."""
    kept: int = 0
    """Members without an entitlement that stay, because Seatflow did not add them."""
    mode: Mode = "live"
    holds: tuple[Hold, ...] = ()
    """Why the plan must not be sent; empty when it may."""
    approved_by: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """How many people each source has on which this rests; empty for a close-up."""
    unseen: bool = False
    """Policy asks for more, which a close-up does not show enough of the tenant to decide."""

    @property
    def held(self) -> tuple[str, ...]:
        """Why the plan must not be sent, in sentences."""
        return tuple(hold.reason for hold in self.holds)

    @property
    def releasable(self) -> bool:
        """Whether a person's approval is all that is missing."""
        return bool(self.holds) and all(hold.releasable for hold in self.holds)

    @property
    def revokes(self) -> int:
        """How many people lose the bundle."""
        return self.count(Action.REVOKE)

    @property
    def grants(self) -> int:
        """How many people gain the bundle."""
        return self.count(Action.GRANT)

    def count(self, action: Action) -> int:
        """Return how many changes do this."""
        revokes = bisect_left(self.changes, True, key=lambda change: change.action is Action.GRANT)
        return revokes if action is Action.REVOKE else len(self.changes) - revokes

    def limited(self, action: Action) -> int:
        """Return how many changes do this that limits are about: not those that change nobody's
        membership."""
        return self.count(action) - sum(c.inside for c in self.changes if c.action is action)

    @property
    def fingerprint(self) -> str:
        """Identify exactly these changes at exactly this target; reasons do not count, nor who is
        inside already and is only looked at again."""
        moving = [[c.action, c.person] for c in self.changes if not c.inside]
        what = [self.bundle, self.target, moving]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]

    @property
    def state(self) -> PlanState:
        """Empty, shown only, held for a reason, or to be sent."""
        if self.mode == "dry-run" and self.changes:
            return PlanState.DRY_RUN
        if self.holds:
            return PlanState.HELD
        return PlanState.SENT if self.changes else PlanState.EMPTY

    def hold(self, reason: str, *, releasable: bool = True) -> "Plan":
        """Return this plan with one more reason not to send it."""
        return replace(self, holds=(*self.holds, Hold(reason, releasable)))

    def release(self, by: str) -> "Plan":
        """Return this plan on a person's word, which lifts every hold that it can."""
        lasting = tuple(hold for hold in self.holds if not hold.releasable)
        return replace(self, holds=lasting, approved_by=by)
