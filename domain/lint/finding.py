"""Findings: what lint has to say about a candidate policy."""

from dataclasses import dataclass
from typing import Literal

type Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that cannot work (an error: it stops a push) or is suspicious (a warning)."""

    level: Level
    at: str
    """`file:line`, or `id (stored)` for what no file of the candidate says."""
    code: str
    """The name of the check."""
    sentence: str
