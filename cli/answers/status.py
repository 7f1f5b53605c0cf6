"""What the service answers about how everything stands."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cli.answers.answer import Answer
from cli.answers.controls import Pause
from cli.answers.kinds import KindStatus
from cli.answers.watches import Reliance


class Inventory(Answer):
    """What the latest snapshot holds."""

    taken_at: datetime
    people: int
    humans: int | None = None
    groups: int
    memberships: int
    products: int


class Reading(Answer):
    """An inventory that is not complete yet."""

    began: datetime
    pages: int


class Failure(Answer):
    """Why no inventory was complete since."""

    at: datetime
    reason: str


class Loss(Answer):
    """A source that has lost more people than is believed."""

    source: str
    before: int
    now: int


class BundleStatus(Answer):
    """How one bundle stands."""

    id: str
    name: str
    entitled: int
    holders: int
    granted: int
    revoked: int
    waiting: int
    held: int
    failed: int
    in_flight: int
    unconfirmed: int
    reason: str | None = None
    mode: str = "live"
    leaving: int = 0
    plan: str = ""
    approved_by: str = ""
    refused_by: str = ""
    undone: Annotated[dict[str, int], Field(default_factory=dict)]
    """Runs that are undone, and for how many people."""
    unseen_since: datetime | None = None
    licenses: str = ""
    doubted: tuple[Loss, ...] = ()

    @property
    def under_way(self) -> int:
        """Changes decided and not yet carried out, or not yet seen in Entra."""
        return self.in_flight + self.unconfirmed


class Status(Answer):
    """How everything stands."""

    snapshot: Inventory | None = None
    reading: Reading | None = None
    failure: Failure | None = None
    mode: str = "live"
    paused: Pause | None = None
    protected: int = 0
    bundles: tuple[BundleStatus, ...]
    unreadable: int = 0
    notifications: tuple[Reliance, ...] = ()
    kinds: tuple[KindStatus, ...] = ()


class Started(Answer):
    """A run that was started."""

    run: str


class Run(Answer):
    """How far an inventory and compile of everything has come."""

    id: str
    state: str
    people: int = 0
    bundles: int = 0
    changes: int = 0
    reason: str | None = None
