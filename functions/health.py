"""Health: is the app alive, and is it ready. Both are open, and tell nothing of the tenant."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from functions.answer import answer

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return health and ready."""
    bp = func.Blueprint()

    @bp.function_name("health")
    @bp.route("health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def health(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(_alive())

    @bp.function_name("ready")
    @bp.route("health/ready", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def ready(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().health())

    return bp


async def _alive() -> dict[str, str]:
    """Say that the worker answers; nothing else is asked, so nothing else can fail this."""
    return {"status": "ok"}
