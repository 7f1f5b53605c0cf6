"""The asynchronous SDK, which the application uses."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage
from azure.servicebus.aio import AutoLockRenewer, ServiceBusClient

from tests.simulators.servicebus.process import SimulatorProcess


@pytest.fixture
async def client(simulator: SimulatorProcess) -> AsyncIterator[ServiceBusClient]:
    client = ServiceBusClient.from_connection_string(simulator.connection_string(), retry_total=0)
    yield client
    await client.close()


async def test_many_messages_are_completed_at_the_same_time(
    simulator: SimulatorProcess, client: ServiceBusClient
) -> None:
    sender, receiver = client.get_queue_sender("plain"), client.get_queue_receiver("plain")
    await sender.send_messages([ServiceBusMessage(f"m{number}") for number in range(50)])
    messages: list[ServiceBusReceivedMessage] = []
    while len(messages) < 50:
        messages += await receiver.receive_messages(50, max_wait_time=10)

    await asyncio.gather(*map(receiver.complete_message, messages))

    assert [str(message) for message in messages] == [f"m{number}" for number in range(50)]
    counts = simulator.counts("plain")
    assert (counts["active"], counts["locked"]) == (0, 0)
    await asyncio.gather(sender.close(), receiver.close())


async def test_a_session_is_received_in_order_while_its_lock_is_renewed(
    client: ServiceBusClient,
) -> None:
    sender = client.get_queue_sender("groups")
    await sender.send_messages([ServiceBusMessage(text, session_id="finance") for text in "abc"])
    texts = []

    async with (
        AutoLockRenewer() as renewer,
        client.get_queue_receiver("groups", session_id="finance", max_wait_time=2) as receiver,
    ):
        renewer.register(receiver, receiver.session, max_lock_renewal_duration=60)
        async for message in receiver:
            texts.append(str(message))
            await receiver.complete_message(message)
            if len(texts) == 3:
                break

    assert texts == ["a", "b", "c"]
    await sender.close()
