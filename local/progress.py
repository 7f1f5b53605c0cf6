"""Show how far the main job is: live bars on a terminal, plain lines anywhere else."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

_LINE_EVERY_S = 3.0


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


class Display(ABC):
    """Where progress goes. Use it as a context manager."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    @abstractmethod
    def show(self, phase: Phase, done: int, total: int) -> None:
        """The phase has come this far; the first call opens it."""

    @abstractmethod
    def close(self, phase: Phase) -> None:
        """The phase is over for now; it opens again when there is more to do."""

    def say(self, text: str) -> None:
        """Print a line beside the progress."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def display_for(console: Console) -> Display:
    """Choose bars for a terminal that can move its cursor, lines for anything else."""
    bars = console.is_terminal and not console.is_dumb_terminal
    return BarDisplay(console) if bars else LineDisplay(console)


class _Rate(ProgressColumn):
    """How many a second, while the phase runs and over the whole of it."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


class BarDisplay(Display):
    """A bar per phase."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._tasks: dict[Phase, TaskID] = {}
        self._bars = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=32),
            TextColumn("{task.completed:>8,.0f} of {task.total:,.0f} {task.fields[unit]:<10}"),
            _Rate(),
            TimeElapsedColumn(),
            console=console,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def show(self, phase: Phase, done: int, total: int) -> None:
        """Draw the bar this long."""
        if phase not in self._tasks:
            self._tasks[phase] = self._bars.add_task(phase.title, unit=phase.unit)
        self._bars.update(self._tasks[phase], completed=done, total=total)

    def close(self, phase: Phase) -> None:
        """Leave the bar as it is; a full one stops its clock by itself."""


@dataclass
class _Count:
    began: float
    printed: float
    done: int = 0
    total: int = 0
    closed: bool = False


class LineDisplay(Display):
    """A line when a phase starts and ends, and one every few seconds between."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._counts: dict[Phase, _Count] = {}

    def show(self, phase: Phase, done: int, total: int) -> None:
        """Print a line when it is time for one."""
        now = time.monotonic()
        count = self._counts.get(phase)
        if count is None:
            self._counts[phase] = count = _Count(began=now, printed=now)
            self.say(f"{phase.title}: started")
        if (done, total) == (count.done, count.total):
            return
        count.done, count.total, count.closed = done, total, False
        if now - count.printed >= _LINE_EVERY_S:
            count.printed = now
            self.say(f"{phase.title}: {done:,} of {total:,} {phase.unit}{_rate(count, now)}")

    def close(self, phase: Phase) -> None:
        """Print how the phase ended, once."""
        count = self._counts.get(phase)
        if count is None or count.closed:
            return
        count.closed = True
        now = time.monotonic()
        elapsed = f"{now - count.began:.1f} s"
        self.say(f"{phase.title}: {count.done:,} {phase.unit} in {elapsed}{_rate(count, now)}")


def _rate(count: _Count, now: float) -> str:
    seconds = now - count.began
    return f" ({count.done / seconds:,.0f}/s)" if seconds > 0 and count.done else ""
