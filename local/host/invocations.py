"""Runs invocations for every kind of trigger: the time limit, the log, what still runs."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from local.host.outcome import Outcome
from local.host.worker import Worker

_log = logging.getLogger("host")


@dataclass
class Invocations:
    """Invocations of one worker; `timeout` (functionTimeout) in seconds, None for no limit."""

    worker: Worker
    timeout: float | None = None
    _running: set[asyncio.Future[Outcome]] = field(default_factory=set)

    async def run(
        self,
        function: str,
        data: Any,
        metadata: Mapping[str, Any] | None = None,
        *,
        retry: tuple[int, int] = (0, 0),
        trace_parent: str = "",
    ) -> Outcome:
        """Run the function and say in the log how it went; what it raises is in the outcome.

        The invocation outlives a caller that goes away (a client that hangs up), as in Azure.
        """
        call = self.worker.invoke(function, data, metadata, retry=retry, trace_parent=trace_parent)
        task = asyncio.ensure_future(self._limited(function, call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def finish(self, patience: float) -> int:
        """Wait up to `patience` seconds for what runs, then cancel the rest and return how many."""
        if not self._running:
            return 0
        _, late = await asyncio.wait(self._running, timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _limited(self, function: str, call: Any) -> Outcome:
        started = perf_counter()
        try:
            async with asyncio.timeout(self.timeout):
                outcome: Outcome = await call
        except TimeoutError:
            limit = f"functionTimeout ({self.timeout:g} s)"
            outcome = Outcome(
                function, "", error=f"{function} ran longer than {limit} and was given up."
            )
        _report(outcome, perf_counter() - started)
        return outcome


def _report(outcome: Outcome, seconds: float) -> None:
    took = f"{seconds * 1000:.0f} ms, {outcome.invocation_id}"
    if outcome.succeeded:
        _log.info("%s succeeded (%s)", outcome.function, took)
    else:
        trace = f"\n{outcome.traceback.rstrip()}" if outcome.traceback else ""
        _log.error("%s failed (%s): %s%s", outcome.function, took, outcome.error, trace)
