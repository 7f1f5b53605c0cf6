"""Health: is the app alive, and how old is what it knows."""

from collections.abc import Callable
from typing import Any

import azure.functions as func

from domain.ports import Ports
from functions.answer import answer


def blueprint(ports: Callable[[], Ports]) -> func.Blueprint:
    """Return the health function."""
    bp = func.Blueprint()

    @bp.function_name("health")
    @bp.route("health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def health(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(_health(ports()))

    return bp


async def _health(ports: Ports) -> dict[str, Any]:
    """Answer whether the storage is reached, and the age of the inventory in seconds."""
    snapshot = await ports.warehouse.latest()
    age = (ports.clock.now() - snapshot.taken_at).total_seconds() if snapshot else None
    return {"status": "ok", "inventory_age_seconds": age}
