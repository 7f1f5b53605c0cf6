"""The pacer: one process's part in pacing writes; it waits a little and puts off the rest."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from adapters.graph.pace.given import GOOD_FOR, Given, Habit
from adapters.graph.pace.lessons import Lesson, learn, lesson_of
from adapters.graph.pace.level import Level, aged
from adapters.graph.pace.meter import Away, Piece, reserve, reserve_urgent
from adapters.graph.pace.quota import Cost, Quota
from adapters.graph.pace.report import Report, told
from adapters.graph.pace.shared import PATIENCE as STORE_PATIENCE
from adapters.graph.pace.shared import Shared, Store
from adapters.graph.pace.unanswered import Unanswered
from adapters.graph.pace.units import Units
from adapters.graph.reply import Reply

PATIENCE = 10.0
"""Seconds a write may wait inside a function; what needs longer is put off."""

LOOK = 0.05
"""Seconds between looks whether an answer has come."""

AHEAD = 0.05
"""The most of the bucket that one process takes ahead."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Not now: come back after so many seconds."""

    after: float
    reserved: bool
    """Whether room is set aside for then."""


class Pacer:
    """Lets writes pass when Graph's quota has room for them, as all instances together use it."""

    def __init__(
        self,
        quota: Quota | None = None,
        store: Store | None = None,
        *,
        units: Units | None = None,
        patience: float = PATIENCE,
        store_patience: float = STORE_PATIENCE,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.quota = quota or Quota()
        self.units = units or Units(clock=clock, sleep=sleep)
        self._shared = Shared(store, clock, sleep, patience=store_patience)
        self._patience = patience
        self._clock, self._sleep = clock, sleep
        self._lock = asyncio.Lock()
        self._level = Level()
        self._seen_at = 0.0
        self._report = Report()
        self._piece = Given(Piece(0, 0), 0, self.quota)
        self._habit = Habit()
        self._unanswered = Unanswered()

    @property
    def share(self) -> float:
        """The share of the write quota that is in use, as far as is known here."""
        return aged(self._level, self.quota, self._clock()).used(self.quota) / self.quota.limit

    async def enter(
        self, cost: Cost, *, urgent: bool = False, reserved: bool = False
    ) -> Delay | None:
        """Wait for room in the quota; return None when the writes may be sent now.

        Args:
            cost: of all the writes.
            urgent: somebody waits for it.
            reserved: room was set aside by an earlier call, whose delay is over.
        """
        deadline = self._clock() + self._patience
        delay = await self._enter(cost, deadline, urgent=urgent, reserved=reserved)
        if delay is None:
            await self._not_too_much_at_once(cost, deadline)
        return delay

    async def _enter(
        self, cost: Cost, deadline: float, *, urgent: bool, reserved: bool
    ) -> Delay | None:
        void: float | None = None
        while True:
            if reserved and await self._counts(void):
                return None
            delay = await self._delay(cost, urgent, again=void is not None)
            if delay.after <= 0:
                return None
            if self._clock() + delay.after > deadline:
                return delay
            reserved, void = delay.reserved, self._level.void_until
            await self._sleep(delay.after)

    async def _not_too_much_at_once(self, cost: Cost, deadline: float) -> None:
        while not (
            self._level.sure
            or cost.certain
            or self._unanswered.has_room(cost.dear, self.quota.limit, self._clock())
            or self._clock() >= deadline
        ):
            await self._sleep(LOOK)
        self._unanswered.add(cost.dear, self._clock())

    async def admit(self, cost: Cost, *, urgent: bool = False) -> float:
        """Wait likewise; return 0, or the seconds to come back after with nothing set aside."""
        delay = await self.enter(cost, urgent=urgent)
        if delay is None:
            return 0.0
        if delay.reserved:
            unused = self._report.unused + self._level.amount(cost)
            self._report = replace(self._report, unused=unused)
        return delay.after

    async def noted(self, answers: Sequence[tuple[Cost, Reply]]) -> None:
        """Learn from the answers to writes of these costs."""
        self._unanswered.answered(sum(cost.dear for cost, _ in answers))
        lesson = lesson_of(answers)
        if self.units.explains(lesson.most):
            lesson = replace(lesson, most=0.0)
        self._learn(lesson)
        if self._report.pressing:
            async with self._lock:
                await self._exchange(lambda level: (level, None))

    def _learn(self, lesson: Lesson) -> None:
        before = aged(self._level, self.quota, self._clock())
        self._level = learn(before, self.quota, lesson, before.at)
        self._report = self._report.with_lesson(lesson, before, self._level, self.quota)

    async def _delay(self, cost: Cost, urgent: bool, again: bool) -> Delay:
        async with self._lock:
            if urgent:
                return self._until(cost, await self._urgent_piece(cost))
            if not self._piece.holds(self._level.amount(cost), self._clock()):
                answer = await self._next_piece(cost, again)
                if isinstance(answer, Away):
                    return Delay(answer.after, reserved=False)
                self._piece = Given(answer, self._clock(), self.quota)
            return self._until(cost, self._piece)

    async def _counts(self, void: float | None) -> bool:
        """Tell whether room that was set aside still counts.

        It does not if Graph refused somebody since. When that was unknown to whoever set it aside,
        it does not until all that was set aside before has passed.

        Args:
            void: until when reservations were void when it was set aside, if that is known.
        """
        async with self._lock:
            if self._clock() - self._seen_at > GOOD_FOR:
                await self._exchange(lambda level: (level, None))
        level = self._level
        still_void = level.void_until if void is None or level.void_until > void else 0.0
        return self._clock() >= max(level.closed_until, still_void)

    def _until(self, cost: Cost, piece: Given) -> Delay:
        now, amount = self._clock(), self._level.amount(cost)
        self._habit.add(amount, now)
        moment = max(piece.give(amount), self._level.closed_until)
        return Delay(max(0.0, moment - now), reserved=True)

    async def _urgent_piece(self, cost: Cost) -> Given:
        piece = await self._exchange(
            lambda level: reserve_urgent(level, self.quota, cost, self._clock())
        )
        return Given(piece, self._clock(), self.quota)

    async def _next_piece(self, cost: Cost, again: bool) -> Piece | Away:
        now = self._clock()
        unused = self._report.unused + self._piece.left(now)
        self._report = replace(self._report, unused=unused)
        self._piece = Given(Piece(0, 0), 0, self.quota)
        ahead = min(self._habit.recent(now), AHEAD * self.quota.limit)
        return await self._exchange(
            lambda level: reserve(level, self.quota, cost, self._clock(), ahead, again=again)
        )

    async def _exchange[T](self, change: Callable[[Level], tuple[Level, T]]) -> T:
        """Tell the others what is new, change the level, and take over what they told."""
        report, self._report = self._report, Report()

        def step(level: Level) -> tuple[Level, T]:
            return change(told(level, self.quota, report, self._clock()))

        void = self._level.void_until
        changed = await self._shared.change(step)
        if changed is None:
            # Alone: what was reported is part of our own level already, except what was unused.
            own = Report(unused=report.unused)
            level = told(self._level, self.quota, own, self._clock())
            self._level, result = change(level)
            taken = max(0.0, self._level.line - level.line)
            kept = report.aged(self.quota, self._level.at)
            kept = replace(kept, taken=kept.taken + taken)
            self._report = kept.before(self._report, self.quota)
        else:
            self._level, result = changed
            self._level = told(self._level, self.quota, self._report, self._clock())
        self._seen_at = self._clock()
        if self._level.void_until > void:
            self._piece = Given(Piece(0, 0), 0, self.quota)
        return result
