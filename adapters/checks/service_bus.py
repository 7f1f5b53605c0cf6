"""Service Bus: is each queue there, and may the app send to it and receive from it."""

from collections.abc import Sequence

from azure.servicebus import ServiceBusSubQueue

from adapters.checks.around import Around
from adapters.servicebus.errors import RECEIVER, SENDER, service_bus_errors
from domain.doctor import Observation, Subject, fine

NAME, PAGE, PLACE = "service bus", "infra/README.md", 50


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Open a sender and peek into the dead letters of each queue; nothing is taken.

    Raises:
        Later: the broker cannot be reached.
        Forbidden: the identity lacks a role; the sentence names it.
        Never: a queue is not there.
    """
    settings, bus = around.settings, around.bus()
    queues = (settings.fulfillment_queue, settings.recompile_queue)
    for queue in queues:
        with service_bus_errors(queue, SENDER):
            async with bus.lock(queue):
                await bus.sender(queue).create_message_batch()
        with service_bus_errors(queue, RECEIVER):
            async with bus.receiver(queue, ServiceBusSubQueue.DEAD_LETTER) as receiver:
                await receiver.peek_messages(1)
    return [fine(f"The queues {' and '.join(queues)} can be sent to and received from.")]
