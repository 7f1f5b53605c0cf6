"""Changes: one thing to do for one person at one target, with its reason."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a change does."""

    GRANT = "grant"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Grant the bundle to a person, or revoke it, because of `reason`."""

    action: Action
    person: str
    reason: str
