"""A few hundred messages while connections die: none lost, none completed twice, order kept."""

import asyncio
import gc
from collections import defaultdict
from contextlib import suppress

import pytest
from azure.servicebus import NEXT_AVAILABLE_SESSION, ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import OperationTimeoutError, ServiceBusError

from tests.simulators.servicebus.process import SimulatorProcess

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

SESSIONS, EACH, WORKERS, DROP_EVERY = 8, 30, 4, 55


class Record:
    """What the workers saw, and the connections they lost by it."""

    def __init__(self, simulator: SimulatorProcess) -> None:
        self.simulator = simulator
        self.seen: dict[str, list[int]] = defaultdict(list)
        self.confirmed: list[str] = []
        self.drops = 0

    def left(self) -> int:
        """How many messages the queue still has."""
        counts = self.simulator.counts("pages")
        return int(counts["active"] + counts["locked"])

    async def confirm(self, message_id: str) -> None:
        """Note a completion the SDK is sure of; now and then a connection dies a little later."""
        self.confirmed.append(message_id)
        if len(self.confirmed) % DROP_EVERY == 0:
            self.drops += 1
            fault = {"drop_connections": True} if self.drops % 2 else {"drop_after_frames": 3}
            await asyncio.to_thread(self.simulator.order, **fault)


async def work(client: ServiceBusClient, record: Record) -> None:
    """Take session after session until the queue is empty."""
    while await asyncio.to_thread(record.left):
        receiver = client.get_queue_receiver(
            "pages", session_id=NEXT_AVAILABLE_SESSION, max_wait_time=1
        )
        with suppress(OperationTimeoutError, ServiceBusError):
            async with receiver:
                await empty_session(receiver, record)


async def empty_session(receiver: ServiceBusReceiver, record: Record) -> None:
    """Complete one message after the other until none comes."""
    while messages := await receiver.receive_messages(1, max_wait_time=1):
        [message] = messages
        session_id, _, number = str(message).partition(":")
        record.seen[session_id].append(int(number))
        await receiver.complete_message(message)
        await record.confirm(str(message))


async def test_nothing_is_lost_or_done_twice_while_connections_die(
    own_simulator: SimulatorProcess,
) -> None:
    record = Record(own_simulator)
    address = own_simulator.connection_string()
    stubborn = ServiceBusClient.from_connection_string(
        address, retry_total=5, retry_backoff_factor=0.1
    )
    client = ServiceBusClient.from_connection_string(address, retry_total=0)
    sender = stubborn.get_queue_sender("pages")
    for number in range(EACH):
        texts = [(f"s{session}", f"s{session}:{number}") for session in range(SESSIONS)]
        if number == EACH // 2:
            own_simulator.order(drop_after_frames=1)
        await sender.send_messages(
            [ServiceBusMessage(text, session_id=name, message_id=text) for name, text in texts]
        )

    await asyncio.gather(*(work(client, record) for _ in range(WORKERS)))
    await sender.close()
    await stubborn.close()
    await client.close()
    gc.collect()

    assert own_simulator.counts("pages")["totals"]["completed"] == SESSIONS * EACH
    assert own_simulator.counts("pages")["dead"] == 0
    assert len(set(record.confirmed)) == len(record.confirmed), "completed twice"
    for session_id, numbers in record.seen.items():
        assert numbers == sorted(numbers), f"{session_id} is out of order"
        assert set(numbers) == set(range(EACH)), f"{session_id} has lost one"
    assert record.drops >= 3
