"""What the service answers about undoing a run."""

from typing import Annotated

from pydantic import Field

from cli.answers.answer import Answer


class Undone(Answer):
    """One person's change that is turned round."""

    person: str
    action: str
    """What the run did."""


class Undoing(Answer):
    """What undoing a run comes to in one bundle."""

    bundle: str
    turned: tuple[Undone, ...]
    decided_since: tuple[str, ...]


class Undo(Answer):
    """What undoing a run comes to."""

    undone: str
    run: str
    bundles: tuple[Undoing, ...]
    names: Annotated[dict[str, str], Field(default_factory=dict)]
    """User principal names by id."""


class UndoEnded(Answer):
    """An undoing that somebody ended."""

    undone: str
    run: str
    changes: int
