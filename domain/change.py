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
    inside: bool = False
    """A grant to someone who is in the target already and lacks the license: Entra is asked to look
    at her licenses again."""
    urgent: bool = False
    """She holds nothing yet, or someone moved her just now: she goes before bulk."""
    tries: int = 0
    """How often this came to nothing before."""
    ours: bool = False
    """A revoke of someone whom we put in by a grant that this takes the place of: only this change
    knows that she is ours."""
    since: str = ""
    """Since when she waited for a seat, if she did; of a revoke, since when she was in grace."""
