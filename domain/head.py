"""A bundle's head in the ledger: what was sent lately, what is held, and a person's word on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.change import Action

WINDOW = timedelta(hours=24)
"""Limits count what was sent within this time."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's approval of exactly one fingerprint."""

    fingerprint: str
    by: str
    at: datetime
    expires: datetime

    def covers(self, fingerprint: str, now: datetime) -> bool:
        """Tell whether the approval is of this fingerprint and still good."""
        return self.fingerprint == fingerprint and now < self.expires


@dataclass(frozen=True, slots=True)
class Refusal:
    """A person's refusal of one fingerprint."""

    fingerprint: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """A bundle's place in the ledger: every decision takes the next generation, one at a time."""

    bundle: str
    generation: int = 0
    entitled: int = 0
    holders: int = 0
    waiting: int = 0
    leaving: int = 0
    """People in grace."""
    held: str = ""
    """Why the newest plan is held, or the bundle cannot be compiled; empty when neither."""
    plan: str = ""
    """The id of the newest plan that was not sent, when there is one."""
    fingerprint: str = ""
    """Of that plan."""
    approval: Approval | None = None
    refusal: Refusal | None = None
    revoked: Mapping[str, int] = field(default_factory=dict)
    """Hour (UTC) -> revokes sent in it."""
    granted: Mapping[str, int] = field(default_factory=dict)
    """Hour (UTC) -> grants sent in it."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """How many people each source group, and the tenant, had when that was last believed."""
    plans: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """skuId -> the service plans it had when the target's licenses were last agreed on."""
    seen: str = ""
    """Identifies the members of the target when they were last looked at."""
    seen_at: datetime | None = None
    """When the inventory was taken that showed them."""
    seen_number: int = 0
    """The history's last entry then."""
    undone: int = 0
    """People for whom a run was undone, and policy has not been mended yet."""
    later: int = 0
    """People who keep it only until something else is theirs; since the last compile of everything,
    perhaps fewer."""
    version: str = ""

    def sent_since(self, action: Action, now: datetime, window: timedelta = WINDOW) -> int:
        """Return how many such changes were sent within the window, in whole hours."""
        sent = self.revoked if action is Action.REVOKE else self.granted
        return sum(_recent(sent, now, window).values())

    def after(self, revokes: int, grants: int, now: datetime) -> "Head":
        """Return the head of the next generation, with what is sent counted."""
        return replace(
            self,
            generation=self.generation + 1,
            revoked=_count(self.revoked, revokes, now),
            granted=_count(self.granted, grants, now),
        )


def _recent(sent: Mapping[str, int], now: datetime, window: timedelta) -> dict[str, int]:
    first = _hour(now - window)
    return {hour: count for hour, count in sent.items() if count and hour >= first}


def _count(sent: Mapping[str, int], more: int, now: datetime) -> dict[str, int]:
    recent = _recent(sent, now, WINDOW)
    recent[_hour(now)] = recent.get(_hour(now), 0) + more
    return recent


def _hour(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H")
