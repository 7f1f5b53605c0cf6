"""Drive a running host until a run of inventory and compile finds nothing to change."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from local.answers import Run, Status
from local.api import Api
from local.errors import NotConverged, RunFailed

_NUDGE_S = 2.0


@dataclass(frozen=True)
class Pace:
    """How often to look, and when to give up: after so many runs, or so long without a move.

    Nothing may move for minutes where Graph's write quota is used up: it is counted over 150 s.
    """

    most_runs: int = 6
    patience_s: float = 330.0
    poll_s: float = 0.2


_CALM = Pace()


class Witness(Protocol):
    """Who hears of progress."""

    def saw_run(self, run: Run) -> None:
        """A run has come this far."""

    def saw_status(self, status: Status) -> None:
        """The bundles stand here."""


class Unseen:
    """A witness that looks away."""

    def saw_run(self, run: Run) -> None:
        """Do nothing."""

    def saw_status(self, status: Status) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Summary:
    """How it went.

    `before` is where the bundles stood after the first inventory, `after` where they stand now.
    """

    before: Status
    after: Status
    runs: tuple[Run, ...]
    elapsed_s: float


async def converge(api: Api, witness: Witness | None = None, pace: Pace = _CALM) -> Summary:
    """Run, let everything settle, and run again, until a run has no changes.

    Raises:
        RunFailed: a run failed; its reason.
        NotConverged: as many runs as allowed all found changes, or nothing moved for too long.
    """
    witness = witness or Unseen()
    began = time.monotonic()
    runs: list[Run] = []
    before: Status | None = None
    while not runs or runs[-1].changes:
        if len(runs) == pace.most_runs:
            raise NotConverged(
                f"after {pace.most_runs} runs there is still something to change: {_last(runs)}"
            )
        runs.append(await run_once(api, witness, pace))
        before = before or await api.status()
        after = await settle(api, witness, pace)
    assert before is not None  # the loop ran at least once
    return Summary(before, after, tuple(runs), time.monotonic() - began)


async def run_once(api: Api, witness: Witness | None = None, pace: Pace = _CALM) -> Run:
    """Start a run and wait for its end.

    Raises:
        RunFailed: it failed; its reason.
        NotConverged: it stood still for too long.
    """
    witness = witness or Unseen()
    run_id = await api.start_run()

    async def look() -> Run:
        run = await api.run(run_id)
        witness.saw_run(run)
        if run.state == "compiling":
            # What is decided is carried out while the rest is still being compiled.
            witness.saw_status(await api.status())
        return run

    run = await _until(look, lambda run: run.state in ("done", "failed"), _run_stuck, pace)
    if run.state == "failed":
        raise RunFailed(f"the run failed: {run.reason or 'no reason given'}")
    return run


async def settle(api: Api, witness: Witness | None = None, pace: Pace = _CALM) -> Status:
    """Wait until nothing is in flight and every grant is confirmed.

    Raises:
        NotConverged: nothing moved for too long; names what is left.
    """
    witness = witness or Unseen()
    nudged = time.monotonic()

    async def look() -> Status:
        nonlocal nudged
        status = await api.status()
        witness.saw_status(status)
        # The host confirms by its own timer; asking sooner only shortens the wait.
        if status.moving and not status.in_flight and time.monotonic() - nudged > _NUDGE_S:
            nudged = time.monotonic()
            await api.fire("confirm")
        return status

    return await _until(look, lambda status: not status.moving, _left, pace)


async def _until[T](
    look: Callable[[], Awaitable[T]],
    over: Callable[[T], bool],
    describe: Callable[[T], str],
    pace: Pace,
) -> T:
    """Look until it is over; give up when what is seen has not changed for too long."""
    seen, since = await look(), time.monotonic()
    while not over(seen):
        if time.monotonic() - since > pace.patience_s:
            raise NotConverged(f"nothing moved for {pace.patience_s:g} s: {describe(seen)}")
        await asyncio.sleep(pace.poll_s)
        latest = await look()
        if latest != seen:
            seen, since = latest, time.monotonic()
    return seen


def _run_stuck(run: Run) -> str:
    return f"run {run.id} is still {run.state}"


def _left(status: Status) -> str:
    return "; ".join(
        f"{b.id}: {b.in_flight} in flight, {b.unconfirmed} unconfirmed" for b in status.moving
    )


def _last(runs: list[Run]) -> str:
    return "changes per run " + ", ".join(str(run.changes) for run in runs)
