"""What a guard may look at beside the plan."""

from dataclasses import dataclass
from datetime import datetime

from domain.bundle import Bundle
from domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Case:
    """The bundle, the snapshot the plan rests on, and what was sent lately."""

    bundle: Bundle
    snapshot: Snapshot
    population: int
    """Holders when last everyone was counted."""
    revoked_lately: int
    """Revokes sent in the last 24 hours."""
    now: datetime
