"""Timer triggers: when they run, late runs, retries, and never two runs of one timer at a time."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from local.host.bindings import TimerTrigger
from local.host.clock import Clock
from local.host.errors import HostError
from local.host.invocations import Invocations
from local.host.ncrontab import BadScheduleError, Schedule, read_schedule
from local.host.protos import protos
from local.host.timer_status import TimerStatus
from local.host.wire_timer import ScheduleStatus, timer_info

_log = logging.getLogger("host.timers")
# Azure does not monitor timers that run more often than this (functions-bindings-timer,
# useMonitor).
_MONITORED_FROM = timedelta(minutes=1)
# Waits count on the monotonic clock; waking now and then follows a wall clock that is set.
_LONGEST_WAIT = 60.0


@dataclass
class Timer:
    """One timer function; `run` follows the schedule until `stop`, `fire` runs it once."""

    trigger: TimerTrigger
    schedule: Schedule
    invocations: Invocations
    status: TimerStatus
    clock: Clock
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Run the timer when it is due; at once if it missed a run while the host was away."""
        name, now = self.trigger.function, self.clock()
        last = self.status.last(name) if self._is_monitored(now) else None
        if last and self.schedule.after(last) < now:
            await self.fire(past_due=True)
        elif self.trigger.run_on_startup:
            await self.fire()
        while not self._stopped.is_set():
            due = self.schedule.after(self.clock())
            await self._wait_until(due)
            await self.fire(due)

    def stop(self) -> None:
        """Start no more runs and no more retries; a run in progress goes on."""
        self._stopped.set()

    async def fire(self, due: datetime | None = None, *, past_due: bool = False) -> None:
        """Run the function, and again as its retry policy says. A run in progress is waited for."""
        async with self._one_at_a_time:
            if self._stopped.is_set():
                return
            name, now = self.trigger.function, max(due or self.clock(), self.clock())
            monitored = self._is_monitored(now)
            last = self.status.last(name)
            status = ScheduleStatus(last, self.schedule.after(now), last) if monitored else None
            await self._with_retries(timer_info(past_due=past_due, status=status))
            if monitored:
                self.status.ran(name, now)

    async def _with_retries(self, info: Any) -> None:
        policy = self.trigger.retry
        most = policy.max_retry_count if policy else 0
        retries = 0
        while True:
            name = self.trigger.function
            outcome = await self.invocations.run(name, info, retry=(retries, most))
            if outcome.succeeded or (most != -1 and retries >= most):
                return
            delay = retry_delay(policy, retries)
            _log.info("%s will be tried again in %g s", name, delay)
            await self._wait(delay)
            if self._stopped.is_set():
                return
            retries += 1

    async def _wait_until(self, due: datetime) -> None:
        while (left := (due - self.clock()).total_seconds()) > 0 and not self._stopped.is_set():
            await self._wait(min(left, _LONGEST_WAIT))

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)

    def _is_monitored(self, now: datetime) -> bool:
        first = self.schedule.after(now)
        often = self.schedule.after(first) - first < _MONITORED_FROM
        return self.trigger.use_monitor and not often


def read_timer(
    trigger: TimerTrigger, invocations: Invocations, status: TimerStatus, clock: Clock
) -> Timer:
    """Check the trigger's schedule; HostError names the function and the field that is wrong."""
    try:
        schedule = read_schedule(trigger.schedule, clock())
    except BadScheduleError as wrong:
        sentence = f"Function {trigger.function!r}, schedule {trigger.schedule!r}: {wrong}."
        raise HostError(sentence) from None
    return Timer(trigger, schedule, invocations, status, clock)


def retry_delay(policy: Any, retries: int) -> float:
    """Return the seconds to wait before the next retry, after `retries` of them."""
    if policy.retry_strategy == protos.RpcRetryOptions.fixed_delay:
        return float(policy.delay_interval.ToTimedelta().total_seconds())
    least = policy.minimum_interval.ToTimedelta().total_seconds()
    return float(min(policy.maximum_interval.ToTimedelta().total_seconds(), least * 2**retries))
