"""A pace for requests of which Graph takes few in a time."""

from adapters.sources.pace import Pace


class Time:
    """A clock that its own sleep moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def test_so_many_pass_at_once_and_then_one_as_room_comes_free() -> None:
    time = Time()
    pace = Pace(2, 10, clock=time.clock, sleep=time.sleep)

    await pace.breathe()
    time.now += 3
    await pace.breathe()
    assert time.slept == []

    await pace.breathe()
    await pace.breathe()
    assert time.slept == [7, 3]


async def test_who_comes_seldom_never_waits() -> None:
    time = Time()
    pace = Pace(1, 10, clock=time.clock, sleep=time.sleep)
    for _ in range(5):
        await pace.breathe()
        time.now += 10
    assert time.slept == []
