"""Controls: what people switch by hand while everything runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent or carried out until someone resumes."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Protection:
    """A person from whom nothing is revoked, whatever policy says."""

    person: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Controls:
    """How the controls stand."""

    pause: Pause | None = None
    protected: Mapping[str, Protection] = field(default_factory=dict)
    """By person."""
    names: Mapping[str, str] = field(default_factory=dict)
    """User principal names of protected people, by id, where people read them."""


class Switch(StrEnum):
    """What was done to a control."""

    PAUSE = "pause"
    RESUME = "resume"
    PROTECT = "protect"
    UNPROTECT = "unprotect"


@dataclass(frozen=True, slots=True)
class ControlEvent:
    """One use of a control, for people to read."""

    switch: Switch
    by: str
    at: datetime
    reason: str
    person: str = ""
