"""Random schedules on one local stack: `python -m tests.e2e.schedules --schedules 20 --seed 1`.

Each is a few steps in any order: timers fire, people move, policies turn, the host is killed,
notifications are lost, messages come again, operators pause and resume. Then all must converge, and
every promise must have been kept. Ends with 0 when it was, with 1 when one was not.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from local.errors import RunFailed, StackError
from tests.e2e.bad_days import BadDays
from tests.e2e.variants import DEPARTMENTS, VARIANTS
from tests.tried import count

_TIMERS = ("inventory", "compile", "confirm", "sweep", "dead_letters")
_STEPS = (3, 7)
_MOVERS = 4
_BY = {"X-Seatflow-By": "schedules"}


class Schedules:
    """One stack, and one schedule after the other on it."""

    def __init__(
        self,
        home: Path,
        seed: int,
        people: int = 200,
        *,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._rng, self._tell = Random(seed), tell
        self._days = BadDays(home, people, seed, watches=True, say=tell)
        self._moved: set[str] = set()
        self._written: int | None = None
        """During a pause: so many writes had been seen when it had become quiet."""
        self.said: list[str] = []
        """The steps of the latest, in words."""

    async def __aenter__(self) -> Self:
        await self._days.__aenter__()
        self._company = self._days.company
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._days.__aexit__(kind, error, trace)

    async def play(self) -> int:
        """Play one schedule to its end and check; return how many steps it had.

        Raises:
            AssertionError: a promise was not kept.
        """
        steps: tuple[Callable[[], Awaitable[None]], ...] = (
            self._fire_a_timer,
            self._run,
            self._move,
            self._move,
            self._turn,
            self._kill,
            self._send_again,
            self._pause_or_resume,
        )
        chosen = [self._rng.choice(steps) for _ in range(self._rng.randint(*_STEPS))]
        self.said = []
        try:
            await self._lose_notifications(self._rng.choice((0.0, 0.5, 1.0)))
            for step in chosen:
                await step()
                self._assert_pause_is_kept()
            await self._resume()
            await self._lose_notifications(0.0)
            await self._days.settle()
        finally:
            count("on the stack", len(self.said))
        return len(chosen)

    def _say(self, what: str) -> None:
        self.said.append(what)
        self._tell(f"  {what}")

    async def _lose_notifications(self, share: float) -> None:
        settings = {
            "notification_loss": share,
            "notification_duplicates": 0.5,
            "notification_reorder": True,
        }
        await self._company.graph.ask("PATCH", "/__sim/settings", json=settings)
        self._say(f"lose {share:.0%} of the notifications")

    async def _fire_a_timer(self) -> None:
        timer = self._rng.choice(_TIMERS)
        await self._company.api.fire(timer)
        self._say(f"fire {timer}")

    async def _run(self) -> None:
        self._days.echoes.heard_run(await self._company.api.start_run())
        self._say("run")

    async def _move(self) -> None:
        """Move people who have not moved yet.

        What a notification decided no inventory reverses within two minutes, and nobody wants to
        wait so long.
        """
        document = await self._company.document()
        still = [
            user["id"]
            for user in document["users"]
            if user.get("department") in DEPARTMENTS and user["id"] not in self._moved
        ]
        for user in self._rng.sample(still, min(_MOVERS, len(still))):
            department = {"department": self._rng.choice(DEPARTMENTS)}
            await self._company.graph.ask("PATCH", f"/__sim/users/{user}", json=department)
            self._moved.add(user)
        self._days.promises.saw(await self._company.document())
        self._say("move people")

    async def _turn(self) -> None:
        bundle = self._rng.choice(sorted(VARIANTS))
        await self._days.unrest.turn(bundle)
        self._say(f"turn {bundle}")

    async def _kill(self) -> None:
        await self._hear_pages()
        await self._company.stack.kill("host")
        await self._days.start_host()
        self._say("kill the host")

    async def _send_again(self) -> None:
        await self._hear_pages()
        sent = await self._days.echoes.send(6)
        self._say(f"send {sent} messages again")

    async def _hear_pages(self) -> None:
        for row in await self._company.ledger():
            if row["RowKey"].startswith("o:page:"):
                self._days.echoes.heard_page(row["id"], row["PartitionKey"])

    async def _pause_or_resume(self) -> None:
        """Pause when nothing is on its way: what is, is looked at again five minutes later."""
        if self._written is not None:
            await self._resume()
            return
        await self._calm()
        body = {"reason": "audit"}
        await self._company.api.ask("PUT", "/api/v1/pause", json=body, headers=_BY)
        self._written = await self._quiet()
        self._say("pause")

    async def _calm(self) -> None:
        """Wait until nothing is on its way, whatever runs stand in each other's way."""
        while True:
            try:
                await self._company.converge()
            except RunFailed:
                continue
            return

    async def _resume(self) -> None:
        if self._written is not None:
            self._written = None
            await self._company.api.ask("DELETE", "/api/v1/pause", json={}, headers=_BY)
            self._say("resume")

    async def _quiet(self) -> int:
        """Wait until what was being written is over; return how many writes were seen."""
        written, since = len(self._days.recorder.written), time.monotonic()
        while time.monotonic() - since < 1:
            await asyncio.sleep(0.05)
            if (now := len(self._days.recorder.written)) != written:
                written, since = now, time.monotonic()
        return written

    def _assert_pause_is_kept(self) -> None:
        if self._written is not None:
            now = len(self._days.recorder.written)
            assert now == self._written, f"{now - self._written} writes during a pause"


def main() -> int:
    """Play schedules; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.schedules", description=__doc__)
    parser.add_argument("--schedules", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(_play(options.schedules, options.seed, Path(home)))


async def _play(schedules: int, seed: int, home: Path) -> int:
    began, steps = time.monotonic(), 0
    async with Schedules(home, seed, tell=_tell) as stack:
        for number in range(1, schedules + 1):
            try:
                steps += await stack.play()
            except (AssertionError, StackError) as error:
                _tell(f"NOT KEPT in schedule {number} of seed {seed}: {error}")
                return 1
            _tell(f"{number}: kept, {time.monotonic() - began:.0f} s")
    _tell(f"{schedules} schedules, {steps} steps, {time.monotonic() - began:.0f} s: all kept")
    return 0


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
