"""What is wrong with a request itself: said in sentences, before any job begins."""

from collections.abc import Sequence

from domain.errors import Never


class BadRequest(Never):
    """A request that makes no sense; `problems` has one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class NotAllowed(Never):
    """Someone known asks for what she may not do."""


class TooLarge(Never):
    """A body that is larger than this surface reads."""
