"""One program of the local stack, running: its log, its readiness, its end."""

import asyncio
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.errors import ProcessDied, StackError
from local.guard import GRACE_S, Guard, signal_group

_POLL_S = 0.05
_LINES_SHOWN = 12


@dataclass(frozen=True)
class Program:
    """What to run, and the words (a pattern) in its log that say it is ready."""

    name: str
    command: tuple[str, ...]
    ready: str
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()
    patience_s: float = 60.0


class Process:
    """A child process in a process group of its own, so that its children end with it."""

    def __init__(self, program: Program, log: Path, guard: Guard) -> None:
        self.program = program
        self.log = log
        self._guard = guard
        self._child: asyncio.subprocess.Process | None = None
        self._log_start = 0
        self._wanted = False
        self._lost = asyncio.Event()
        self._mourner: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._child is not None and self._child.returncode is None

    @property
    def pid(self) -> int:
        """The process id, which is also its group's.

        Raises:
            StackError: it is not running.
        """
        if self._child is None or self._child.returncode is not None:
            raise StackError(f"{self.program.name} is not running")
        return self._child.pid

    async def start(self) -> None:
        """Start the program and wait until its log says it is ready.

        Raises:
            ProcessDied: it ended, or its patience did, before that.
            StackError: it is running already, or there is no such program.
        """
        if self.running:
            raise StackError(f"{self.program.name} is already running")
        await self._spawn()
        try:
            async with asyncio.timeout(self.program.patience_s):
                await self._readiness()
        except TimeoutError:
            seconds = f"{self.program.patience_s:g} s"
            raise ProcessDied(self._report(f"was not ready after {seconds}")) from None

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Ask the process group to stop (SIGTERM); kill it when the grace period is over."""
        await self._end(signal.SIGTERM, grace_s)

    async def kill(self) -> None:
        """Kill the process group at once (SIGKILL), as a crash would."""
        await self._end(signal.SIGKILL, GRACE_S)

    async def unexpected_end(self) -> ProcessDied:
        """Wait until it ends without `stop` or `kill`; return the error that tells of it."""
        await self._lost.wait()
        return self._died()

    async def _spawn(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        program = self.program
        with self.log.open("ab") as log:
            try:
                self._child = await asyncio.create_subprocess_exec(
                    *program.command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=program.folder,
                    env=dict(program.environment),
                    start_new_session=True,
                )
            except FileNotFoundError as error:
                raise StackError(f"{program.name} cannot start: {error}") from None
        self._guard.watch(self._child.pid)
        self._wanted = True
        self._lost.clear()
        self._mourner = asyncio.create_task(self._mourn(self._child))

    async def _mourn(self, child: asyncio.subprocess.Process) -> None:
        await child.wait()
        if self._wanted:
            self._lost.set()

    async def _readiness(self) -> None:
        while not re.search(self.program.ready, self._output(), re.MULTILINE):
            if not self.running:
                raise self._died()
            await asyncio.sleep(_POLL_S)

    async def _end(self, number: signal.Signals, grace_s: float) -> None:
        self._wanted = False
        child = self._child
        if child is None:
            return
        try:
            if child.returncode is None:
                signal_group(child.pid, number)
                async with asyncio.timeout(grace_s):
                    await child.wait()
        except TimeoutError:
            pass
        finally:
            # Whatever is left: a process that would not stop, or children that a dead one left.
            signal_group(child.pid, signal.SIGKILL)
            await child.wait()
            self._guard.forget(child.pid)
            self._child = None

    def _died(self) -> ProcessDied:
        code = self._child.returncode if self._child else None
        how = f"was killed by {signal.Signals(-code).name}" if code and code < 0 else None
        return ProcessDied(self._report(how or f"ended with exit code {code}"))

    def _report(self, what: str) -> str:
        lines = self._output().rstrip().splitlines()[-_LINES_SHOWN:]
        shown = "".join(f"\n  | {line}" for line in lines)
        return f"{self.program.name} {what}; the end of {self.log}:{shown or ' (nothing)'}"

    def _output(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")
