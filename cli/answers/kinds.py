"""What the service answers about the further kinds of facts."""

from datetime import datetime

from cli.answers.answer import Answer


class KindStatus(Answer):
    """How one kind stands."""

    name: str
    on: bool
    taken_at: datetime | None = None
    rows: int = 0
    due: bool = False
    reading: int | None = None
    remarks: tuple[str, ...] = ()
    failed_at: datetime | None = None
    failure: str = ""
