"""What the service answers about plans."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cli.answers.answer import Answer


class Change(Answer):
    """One thing to do for one person."""

    action: str
    person: str
    reason: str


class Spared(Change):
    """A change that policy asks for and that is not made now."""


class Wait(Answer):
    """Someone who waits, or is leaving, since when and why."""

    person: str
    since: str
    reason: str


class Plan(Answer):
    """A plan as it was decided."""

    id: str
    bundle: str
    target: str
    fingerprint: str
    run: str
    at: datetime
    state: str
    held: tuple[str, ...]
    releasable: bool = True
    entitled: int
    holders: int
    grants: int
    revokes: int
    kept: int
    waits: int
    leaves: int = 0
    spares: int = 0
    decided_by: str = ""
    decided_because: str = ""
    changes: tuple[Change, ...] = ()
    waiting: tuple[Wait, ...] = ()
    leaving: tuple[Wait, ...] = ()
    spared: tuple[Spared, ...] = ()
    names: Annotated[dict[str, str], Field(default_factory=dict)]
    """User principal names by id."""
