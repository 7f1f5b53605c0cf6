"""Programs that live and end together, and each of which can be stopped and started on its own."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from local.errors import StackError
from local.guard import Guard
from local.process import Process, Program

type Listener = Callable[[str], None]


def silent(name: str) -> None:
    """Hear the name of a program that is ready, and do nothing."""


class Processes:
    """Any set of programs that live and end together.

    Logs go to `<home>/logs/<name>.log`; `ready` hears the name of each program as it comes up.
    """

    def __init__(self, chosen: Iterable[Program], home: Path, ready: Listener = silent) -> None:
        self._ready = ready
        self._programs = {program.name: program for program in chosen}
        self._home = home
        self._processes: dict[str, Process] = {}
        self._guard: Guard | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the programs, in the order given."""
        return tuple(self._programs)

    @property
    def logs(self) -> Path:
        """The folder with one log per program; starting the stack empties it."""
        return self._home / "logs"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start every program at once and wait until all are ready.

        Raises:
            StackError: one did not come up; the others are stopped again.
        """
        shutil.rmtree(self.logs, ignore_errors=True)
        self._guard = guard = Guard()
        self._processes = {
            name: Process(program, self.logs / f"{name}.log", guard)
            for name, program in self._programs.items()
        }
        try:
            await _first_error(self._start_and_tell(name) for name in self._processes)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the last program, which uses the others, and then the others, all at once.

        Harmless when they have stopped already. Cancelled, it kills what it is waiting for.
        """
        processes, self._processes = list(self._processes.values()), {}
        try:
            await _stop_all(processes[-1:])
        finally:
            try:
                await _stop_all(processes[:-1])
            finally:
                self._dismiss_guard()

    async def start_one(self, name: str) -> None:
        """Start one program again, after `stop_one` or `kill`, and wait until it is ready."""
        await self._process(name).start()

    async def stop_one(self, name: str) -> None:
        """Stop one program as a deployment would (SIGTERM)."""
        await self._process(name).stop()

    async def kill(self, name: str) -> None:
        """Kill one program as a crash would (SIGKILL)."""
        await self._process(name).kill()

    def pid(self, name: str) -> int:
        """Return the process id of a running program."""
        return self._process(name).pid

    def log(self, name: str) -> Path:
        """Return the path of a program's log."""
        return self._process(name).log

    async def watch(self) -> None:
        """Wait until a program ends that nobody stopped.

        Raises:
            ProcessDied: always, when that happens; shows the end of its log.
        """
        ends = [asyncio.create_task(p.unexpected_end()) for p in self._processes.values()]
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        raise done.pop().result()

    async def during[T](self, work: Coroutine[None, None, T]) -> T:
        """Do the work, and fail at once when a program ends meanwhile that nobody stopped.

        Raises:
            ProcessDied: that happened; shows the end of its log.
        """
        working, watching = asyncio.create_task(work), asyncio.create_task(self.watch())
        try:
            done, _ = await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
            if watching in done:
                await watching
            return await working
        finally:
            working.cancel()
            watching.cancel()
            await asyncio.gather(working, watching, return_exceptions=True)

    def _dismiss_guard(self) -> None:
        if self._guard is not None:
            self._guard.close()
            self._guard = None

    async def _start_and_tell(self, name: str) -> None:
        await self._processes[name].start()
        self._ready(name)

    def _process(self, name: str) -> Process:
        if name not in self._processes:
            known = ", ".join(self._processes) or "none: the stack is not running"
            raise StackError(f"there is no program {name!r}; there are: {known}")
        return self._processes[name]


async def _stop_all(processes: list[Process]) -> None:
    await asyncio.gather(*(process.stop() for process in processes))


async def _first_error(starts: Iterable[Coroutine[None, None, None]]) -> None:
    """Run all at once; cancel the rest and raise, alone, the first error among them."""
    tasks = [asyncio.create_task(start) for start in starts]
    try:
        for next_done in asyncio.as_completed(tasks):
            await next_done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
