"""What `doctor` finds: each finding one sentence with its fix, and where that is documented."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is."""

    FINE = "fine"
    NOTE = "note"
    """Worth knowing; nothing is wrong."""
    WARNING = "warning"
    """Something is missing that the app does without."""
    ERROR = "error"
    """The app does not work like this."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was looked at."""

    level: Severity
    sentence: str
    """What is so and, where it is not fine, what to do."""
    check: str = ""
    """The check that found it."""
    page: str = ""
    """Where it is documented."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was looked at."""

    healthy: bool
    """Whether there is no error."""
    findings: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What checks may want to know."""

    targets: Sequence[str]
    """Groups that bundles are handed out through, by id."""
    features: frozenset[str]
    """Features that are on by the app's settings."""


def fine(sentence: str) -> Observation:
    """Return that something is as it should be."""
    return Observation(Severity.FINE, sentence)


def note(sentence: str) -> Observation:
    """Return something worth knowing."""
    return Observation(Severity.NOTE, sentence)


def warning(sentence: str) -> Observation:
    """Return something missing that the app does without."""
    return Observation(Severity.WARNING, sentence)


def error(sentence: str) -> Observation:
    """Return something without which the app does not work."""
    return Observation(Severity.ERROR, sentence)
