"""How far the main job is: its phases, what each counts, and who is told when that moves."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from rich.console import Console

_FEW = 10


class Phase(Enum):
    """The phases of the main job: what is counted, in which words."""

    START = ("Start", "processes")
    INVENTORY = ("Inventory", "people")
    CHANGES = ("Changes", "applied")
    LICENSES = ("Licenses", "confirmed")

    @property
    def title(self) -> str:
        """The phase's name."""
        return self.value[0]

    @property
    def unit(self) -> str:
        """What is counted."""
        return self.value[1]


@dataclass
class Count:
    """How far a phase is, and how long its counting took: from its opening to its last move."""

    done: int
    total: int
    began: float
    moved: float
    printed: float
    closed: bool = False

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return self.moved - self.began

    @property
    def rate(self) -> str:
        """How many a second; nothing where that means nothing."""
        meant = self.done > _FEW and self.seconds > 0
        return f"{self.done / self.seconds:,.0f}/s" if meant else ""


class Display(ABC):
    """Where progress goes. Use it as a context manager."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._counts: dict[Phase, Count] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def show(self, phase: Phase, done: int, total: int) -> None:
        """The phase has come this far; the first call opens it."""
        now = time.monotonic()
        count = self._counts.get(phase)
        if count is None:
            self._counts[phase] = count = Count(done, total, began=now, moved=now, printed=now)
            self._opened(phase, count)
        elif (done, total) != (count.done, count.total):
            count.done, count.total, count.moved, count.closed = done, total, now, False
            self._moved(phase, count)

    def close(self, phase: Phase) -> None:
        """The phase is over for now; it opens again when there is more to do."""
        count = self._counts.get(phase)
        if count is not None and not count.closed:
            count.closed = True
            self._closed(phase, count)

    @abstractmethod
    def _opened(self, phase: Phase, count: Count) -> None: ...

    @abstractmethod
    def _moved(self, phase: Phase, count: Count) -> None: ...

    @abstractmethod
    def _closed(self, phase: Phase, count: Count) -> None: ...

    def say(self, text: str) -> None:
        """Print a line beside the progress."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)
