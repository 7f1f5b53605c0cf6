"""The two faces of progress: live bars on a terminal, plain lines anywhere else."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from local.progress import Count, Display, Phase

_LINE_EVERY_S = 3.0


def display_for(console: Console) -> Display:
    """Choose bars for a terminal that can move its cursor, lines for anything else."""
    bars = console.is_terminal and not console.is_dumb_terminal
    return BarDisplay(console) if bars else LineDisplay(console)


class BarDisplay(Display):
    """A bar per phase."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._tasks: dict[Phase, TaskID] = {}
        self._bars = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=32),
            TextColumn("{task.fields[counts]:<32}"),
            TextColumn("[cyan]{task.fields[rate]:>9}"),
            TextColumn("[dim]{task.fields[seconds]:>7}"),
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

    def _opened(self, phase: Phase, count: Count) -> None:
        self._tasks[phase] = self._bars.add_task(
            phase.title, total=None, counts="", rate="", seconds=""
        )
        self._moved(phase, count)

    def _moved(self, phase: Phase, count: Count) -> None:
        self._bars.update(
            self._tasks[phase],
            completed=count.done,
            # An empty bar is not a full one; only closing the phase says that there was nothing.
            total=count.total or None,
            counts=f"{count.done:,} of {count.total:,} {phase.unit}",
            rate=count.rate,
            seconds=f"{count.seconds:.1f} s",
        )

    def _closed(self, phase: Phase, count: Count) -> None:
        full = max(count.done, count.total, 1)
        self._bars.update(self._tasks[phase], completed=full, total=full)


class LineDisplay(Display):
    """A line when a phase starts and ends, and one every few seconds between."""

    def _opened(self, phase: Phase, count: Count) -> None:
        self.say(f"{phase.title}: started")

    def _moved(self, phase: Phase, count: Count) -> None:
        if count.moved - count.printed >= _LINE_EVERY_S:
            count.printed = count.moved
            self.say(f"{phase.title}: {count.done:,} of {count.total:,} {phase.unit}{_at(count)}")

    def _closed(self, phase: Phase, count: Count) -> None:
        self.say(f"{phase.title}: {count.done:,} {phase.unit} in {count.seconds:.1f} s{_at(count)}")


def _at(count: Count) -> str:
    return f" ({count.rate})" if count.rate else ""
