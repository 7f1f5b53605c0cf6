"""Health: is the app alive, and how old is what it knows."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from functions.answer import answer

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return the health function."""
    bp = func.Blueprint()

    @bp.function_name("health")
    @bp.route("health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def health(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().health())

    return bp
