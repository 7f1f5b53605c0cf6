"""What the service answers about the history of the ledger."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cli.answers.answer import Answer


class Verified(Answer):
    """Whether a bundle's history is whole."""

    bundle: str
    entries: int
    hash: str
    breaks: tuple[str, ...]


class Told(Answer):
    """One line of the history."""

    bundle: str
    number: int
    at: datetime
    person: str
    state: str
    action: str = ""
    reason: str = ""
    detail: str = ""
    error: str = ""
    run: str = ""
    by: str = ""


class History(Answer):
    """Lines of the history."""

    lines: tuple[Told, ...]
    left_out: int = 0
    names: Annotated[dict[str, str], Field(default_factory=dict)]
    """User principal names by id."""


class Holding(Answer):
    """Someone who held a bundle, since when and why."""

    bundle: str
    person: str
    since: datetime
    number: int
    reason: str
    state: str
    detail: str = ""
    by: str = ""


class HeldOn(Answer):
    """Who held what at a moment."""

    on: datetime
    holdings: tuple[Holding, ...]
    breaks: tuple[str, ...] = ()
    names: Annotated[dict[str, str], Field(default_factory=dict)]
    """User principal names by id."""
