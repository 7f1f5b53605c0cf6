"""The promises of the Queue port."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextvars import Context
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus.aio import ServiceBusClient

from adapters.servicebus.connection import RETRIES, ServiceBus
from adapters.servicebus.queue import ServiceBusQueue
from domain.change import Action, Change
from domain.errors import Later, Never
from domain.ledger import Page
from domain.message import read_hint, read_page_message
from domain.ports import DeadLetter, Hint, Queue
from functions.webhooks import PATIENCE
from local.host.received import from_sdk
from tests.contract.azurite import free_port
from tests.contract.queue_bench import MemoryBench, QueueBench, SimulatorBench, Taken
from tests.contract.simulator import Simulator, running_simulator

NORTH, SOUTH = "9a0c1b2d-0000-4000-8000-0000000000aa", "9a0c1b2d-0000-4000-8000-0000000000bb"
MOMENT = 2
AHEAD = 60
"""Seconds that even a slow machine does not need for a few messages."""
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TRACE = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
async def simulated() -> AsyncIterator[tuple[Queue, Simulator]]:
    with running_simulator() as simulator:
        bus = ServiceBus.of_connection_string(simulator.connection_string, retries=0)
        yield ServiceBusQueue(bus, "fulfillment", "recompile"), simulator
        await bus.close()


@pytest.fixture(params=["memory", "simulator"])
def bench(request: pytest.FixtureRequest) -> QueueBench:
    if request.param == "memory":
        return MemoryBench()
    queue, simulator = request.getfixturevalue("simulated")
    return SimulatorBench(queue, simulator)


def person(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def page(number: int, now: datetime, target: str = NORTH, bundle: str = "e5") -> Page:
    return Page(
        id=f"{bundle}.1.{number}",
        bundle=bundle,
        target=target,
        generation=1,
        plan="plan",
        run="run",
        changes=(Change(Action.GRANT, person(number), "Listed."),),
        rests_on=now,
        written_at=now,
        due_at=now,
    )


async def test_pages_arrive_in_order_in_the_session_of_their_target(bench: QueueBench) -> None:
    now = bench.now()
    north = [page(number, now) for number in range(30)]
    south = [page(number, now, SOUTH, "f3") for number in range(2)]

    await bench.queue.send_pages([*north[:10], *south, *north[10:]], now)

    assert await bench.take_pages(SOUTH) == [
        Taken("f3", f"f3.1.{number}", SOUTH, f"f3.1.{number}:0") for number in range(2)
    ]
    arrived = await bench.take_pages(NORTH)
    assert [taken.page for taken in arrived] == [f"e5.1.{number}" for number in range(30)]


async def test_a_page_that_is_sent_twice_arrives_once_and_its_next_attempt_again(
    bench: QueueBench,
) -> None:
    now = bench.now()
    one = page(1, now)
    await bench.queue.send_pages([one, page(2, now)], now)
    await bench.queue.send_pages([one], now)
    await bench.queue.send_pages([replace(one, attempt=1)], now)

    arrived = await bench.take_pages(NORTH)

    assert [taken.message for taken in arrived] == ["e5.1.1:0", "e5.1.2:0", "e5.1.1:1"]


async def test_a_page_that_is_due_later_waits(bench: QueueBench) -> None:
    now = bench.now()
    waits = replace(page(1, now), due_at=now + timedelta(minutes=3))
    await bench.queue.send_pages([waits, page(2, now)], now)

    assert [taken.page for taken in await bench.take_pages(NORTH)] == ["e5.1.2"]
    bench.advance(181)
    assert [taken.page for taken in await bench.take_pages(NORTH)] == ["e5.1.1"]


async def test_nothing_to_send_sends_nothing(bench: QueueBench) -> None:
    await bench.queue.send_pages([], bench.now())
    await bench.queue.send_hints([], bench.now())
    assert await bench.take_hints() == []


async def test_a_hint_is_read_after_everything_that_happened_in_its_moment(
    bench: QueueBench,
) -> None:
    moment = _next_moment(bench)

    await bench.queue.send_hints([Hint((person(1),))], moment)
    await bench.queue.send_hints([Hint((person(1),))], moment + timedelta(seconds=1.9))
    await bench.queue.send_hints([Hint((person(2), person(1)))], moment)
    await bench.queue.send_hints([Hint((person(1), person(2)))], moment)
    assert await bench.take_hints() == []

    bench.advance(AHEAD + MOMENT)
    hints = await bench.take_hints()
    assert sorted(sorted(hint.people) for hint in hints) == [
        [person(1)],
        [person(1), person(2)],
    ]


async def test_a_hint_carries_a_trace_and_of_one_that_is_sent_twice_the_first(
    bench: QueueBench,
) -> None:
    moment = _next_moment(bench)
    for trace in (TRACE, TRACE.replace("a", "c")):
        await bench.queue.send_hints([Hint(notices=True, trace=trace)], moment)

    bench.advance(AHEAD + MOMENT)
    assert [hint.trace for hint in await bench.take_hints()] == [TRACE]


async def test_the_functions_host_finds_the_trace_of_a_message_where_it_looks(
    simulated: tuple[Queue, Simulator],
) -> None:
    queue, simulator = simulated
    traced = replace(page(1, simulator.now()), trace=TRACE)
    await queue.send_pages([traced, page(2, simulator.now())], simulator.now())

    async with (
        ServiceBusClient.from_connection_string(simulator.connection_string) as client,
        client.get_queue_receiver("fulfillment", session_id=NORTH) as receiver,
    ):
        messages = await receiver.peek_messages(2)
    read = [from_sdk(message).properties for message in messages]
    assert read == [{"Diagnostic-Id": TRACE}, {}]


async def test_the_same_hint_in_the_next_moment_is_sent_again(bench: QueueBench) -> None:
    moment = _next_moment(bench)
    await bench.queue.send_hints([Hint((person(1),))], moment)
    await bench.queue.send_hints([Hint((person(1),))], moment + timedelta(seconds=MOMENT))

    bench.advance(AHEAD + 2 * MOMENT)
    assert await bench.take_hints() == [Hint((person(1),))] * 2


async def test_a_hint_about_many_people_travels_in_parts(bench: QueueBench) -> None:
    everyone = [person(number) for number in range(120)]
    await bench.queue.send_hints([Hint(tuple(everyone))], bench.now())

    bench.advance(2 * MOMENT)
    hints = await bench.take_hints()
    assert [len(hint.people) for hint in hints] == [50, 50, 20]
    assert sorted(person for hint in hints for person in hint.people) == everyone


async def test_hints_about_notices_and_watches_are_one_a_moment_each(bench: QueueBench) -> None:
    moment = _next_moment(bench)
    for _ in range(3):
        await bench.queue.send_hints([Hint(notices=True), Hint(watches=("a", "b"))], moment)
    await bench.queue.send_hints([Hint(watches=("a",))], moment)
    assert await bench.take_hints() == []
    bench.advance(AHEAD + MOMENT)
    hints = await bench.take_hints()
    assert sorted(hint.watches for hint in hints) == [(), ("a",), ("a", "b")]
    assert [hint.notices for hint in hints].count(True) == 1


async def test_a_hint_may_wait_for_its_time(bench: QueueBench) -> None:
    now = bench.now()
    due = now + timedelta(seconds=60)
    await bench.queue.send_hints([Hint(run="later", due=due), Hint((person(1),), due=due)], now)
    bench.advance(30)
    assert await bench.take_hints() == []
    bench.advance(60)
    assert {hint.run or hint.people for hint in await bench.take_hints()} == {
        "later",
        (person(1),),
    }


async def test_a_run_is_asked_for_at_once_and_once(bench: QueueBench) -> None:
    for _ in range(2):
        await bench.queue.send_hints([Hint(run="run-1")], bench.now())
    assert await bench.take_hints() == [Hint(run="run-1")]


async def test_dead_letters_come_with_their_reason_and_are_taken_off(bench: QueueBench) -> None:
    now = bench.now()
    await bench.queue.send_pages([page(number, now) for number in range(12)], now)
    await bench.let_die(NORTH, "MaxDeliveryCountExceeded", "Ten times.")

    letters: list[DeadLetter] = []
    while len(letters) < 12:  # on a slow machine the last of them may come a call later
        letters += [letter async for letter in bench.queue.dead_letters()]

    assert len(letters) == 12
    assert sorted(read_page_message(letter.body.encode()) for letter in letters) == sorted(
        ("e5", f"e5.1.{number}") for number in range(12)
    )
    assert {letter.reason for letter in letters} == {"MaxDeliveryCountExceeded: Ten times."}
    assert {letter.queue for letter in letters} == {"fulfillment"}
    assert "e5.1.0:0" in {letter.message for letter in letters}
    assert [letter async for letter in bench.queue.dead_letters()] == []


async def test_a_dead_letter_stays_until_the_next_one_is_asked_for(bench: QueueBench) -> None:
    now = bench.now()
    await bench.queue.send_pages([page(1, now)], now)
    await bench.let_die(NORTH, "Unreadable", "Not JSON.")

    first = await _first(bench)
    bench.advance(61)  # the lock of whoever stopped there runs out
    again = await _first(bench)

    assert first == again


async def _first(bench: QueueBench) -> DeadLetter:
    """Take the first letter, however many calls it takes, and leave the reader there."""
    while True:
        letters = bench.queue.dead_letters()
        assert isinstance(letters, AsyncIterator)
        try:
            async for letter in letters:
                return letter
        finally:
            await letters.aclose()  # type: ignore[attr-defined]


def _next_moment(bench: QueueBench) -> datetime:
    """Return the beginning of a moment that a slow machine does not reach during the test."""
    ahead = bench.now() + timedelta(seconds=AHEAD)
    return ahead.replace(second=ahead.second // MOMENT * MOMENT, microsecond=0)


# What follows is about the broker.


async def test_what_is_sent_is_what_the_triggers_read(
    simulated: tuple[Queue, Simulator],
) -> None:
    queue, simulator = simulated
    bench = SimulatorBench(queue, simulator)
    await queue.send_hints([Hint(run="run-1")], bench.now())
    [message] = await bench._take("recompile", None)
    assert read_hint(b"".join(message.body)) == Hint(run="run-1")
    assert message.content_type == "application/json"


# The SDK forgets to close a socket whose other end is gone.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore:loop is closed")
async def test_a_broker_that_is_away_means_later_and_one_that_is_back_is_found() -> None:
    with running_simulator() as simulator:
        bus = ServiceBus.of_connection_string(simulator.connection_string, retries=0)
        queue = ServiceBusQueue(bus, "fulfillment", "recompile")
        await queue.send_hints([Hint(run="before")], simulator.now())
    with pytest.raises(Later):
        await queue.send_hints([Hint(run="meanwhile")], NOON)
    with pytest.raises(Later):
        await anext(queue.dead_letters())
    with running_simulator(simulator.port) as simulator:
        await queue.send_hints([Hint(run="after")], simulator.now())
        assert await SimulatorBench(queue, simulator).take_hints() == [Hint(run="after")]
        await bus.close()
    gc.collect()  # so that it is this test that is told of the sockets


class Sleepless(asyncio.SelectorEventLoop):
    """An event loop that notes how long somebody wants to sleep, and wakes her at once."""

    def __init__(self) -> None:
        super().__init__()
        self.naps: list[float] = []

    def call_later[*Ts](
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        self.naps.append(delay)
        return super().call_later(0, callback, *args, context=context)


def test_a_broker_that_is_away_is_told_of_before_a_webhook_has_to_answer() -> None:
    """And one that is back is found at once: whoever waits for the sender waits for its naps."""
    text = Simulator(free_port()).connection_string

    async def send() -> None:
        bus = ServiceBus.of_connection_string(text)
        with pytest.raises(Later):
            await ServiceBusQueue(bus, "fulfillment", "recompile").send_hints([Hint(run="r")], NOON)
        await bus.close()

    loop = Sleepless()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(send())
    assert len(loop.naps) == RETRIES
    assert sum(loop.naps) < PATIENCE / 2


async def test_a_queue_that_is_not_there_is_named(simulated: tuple[Queue, Simulator]) -> None:
    _, simulator = simulated
    bus = ServiceBus.of_connection_string(simulator.connection_string, retries=0)
    queue = ServiceBusQueue(bus, "no-such-queue", "recompile")
    with pytest.raises(Never, match="no-such-queue"):
        await queue.send_pages([page(1, simulator.now())], simulator.now())
    await bus.close()
