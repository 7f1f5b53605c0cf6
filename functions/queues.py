"""Service Bus triggers, one message a call: returning completes it, raising gives it back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from functions.hosted import hosted

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return the queue functions: fulfill and recompile."""
    bp = func.Blueprint()

    @bp.function_name("fulfill")
    @bp.service_bus_queue_trigger(
        "message", "ServiceBus", "%FULFILLMENT_QUEUE%", is_sessions_enabled=True
    )
    async def fulfill(message: func.ServiceBusMessage) -> None:
        await hosted(jobs().fulfill(message.get_body(), message.message_id))

    @bp.function_name("recompile")
    @bp.service_bus_queue_trigger("message", "ServiceBus", "%RECOMPILE_QUEUE%")
    async def recompile(message: func.ServiceBusMessage) -> None:
        await hosted(jobs().recompile(message.get_body(), message.message_id))

    return bp
