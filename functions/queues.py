"""Service Bus triggers, one message a call: returning completes it, raising gives it back."""

from collections.abc import Callable

import azure.functions as func

from domain.jobs.fulfill import fulfill_message
from domain.jobs.recompile import recompile_message
from domain.ports import Ports


def blueprint(ports: Callable[[], Ports]) -> func.Blueprint:
    """Return the queue functions: fulfill and recompile."""
    bp = func.Blueprint()

    @bp.function_name("fulfill")
    @bp.service_bus_queue_trigger(
        "message", "ServiceBus", "%FULFILLMENT_QUEUE%", is_sessions_enabled=True
    )
    async def fulfill(message: func.ServiceBusMessage) -> None:
        await fulfill_message(ports(), message.get_body(), message.message_id)

    @bp.function_name("recompile")
    @bp.service_bus_queue_trigger("message", "ServiceBus", "%RECOMPILE_QUEUE%")
    async def recompile(message: func.ServiceBusMessage) -> None:
        await recompile_message(ports(), message.get_body(), message.message_id)

    return bp
