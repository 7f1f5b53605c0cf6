"""What the service answers about change subscriptions and notifications."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cli.answers.answer import Answer


class Reliance(Answer):
    """How far notifications of one kind of object can be relied on."""

    resource: str
    found: int
    missed: int
    late: int
    told: int
    repeated: int
    missed_lately: float = 0.0
    half_within: float | None = None
    most_within: float | None = None
    mistrusted: bool = False


class Watch(Answer):
    """One change subscription."""

    id: str
    resource: str
    state: str
    since: datetime | None = None
    until: datetime


class Watching(Answer):
    """How the change subscriptions stand."""

    possible: bool
    watches: tuple[Watch, ...]
    last_told: Annotated[dict[str, datetime], Field(default_factory=dict)]
    notifications: tuple[Reliance, ...] = ()
