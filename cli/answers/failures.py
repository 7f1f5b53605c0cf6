"""What the service answers about changes that came to nothing."""

from datetime import datetime

from cli.answers.answer import Answer


class Row(Answer):
    """A change, and what became of it."""

    bundle: str
    person: str
    action: str
    state: str
    reason: str
    detail: str
    tries: int = 0
    error: str | None = None
    updated_at: datetime


class Failure(Answer):
    """A change that came to nothing."""

    row: Row
    again_at: datetime | None = None
    name: str = ""


class Unreadable(Answer):
    """A message that nobody could read."""

    message: str
    reason: str
    body: str = ""


class Failures(Answer):
    """What came to nothing."""

    changes: tuple[Failure, ...]
    messages: tuple[Unreadable, ...]


class Replayed(Answer):
    """What was put back."""

    run: str
    changes: int
