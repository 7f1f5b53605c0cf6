"""Webhooks: Graph's change notifications. Anonymous, and guarded by each watch's own secret."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import azure.functions as func

from functions.answer import answer

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return graph_notifications and graph_lifecycle."""
    bp = func.Blueprint()

    @bp.function_name("graph_notifications")
    @bp.route("graph/notifications", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def graph_notifications(
        req: func.HttpRequest, context: func.Context
    ) -> func.HttpResponse:
        return await _take(req, lambda: jobs().notified(req.get_body(), context.invocation_id))

    @bp.function_name("graph_lifecycle")
    @bp.route("graph/lifecycle", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def graph_lifecycle(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        return await _take(req, lambda: jobs().lifecycle(req.get_body(), context.invocation_id))

    return bp


async def _take(req: func.HttpRequest, work: Callable[[], Awaitable[None]]) -> func.HttpResponse:
    """Echo Graph's validation token as plain text, or take the notifications with 202.

    Source: Microsoft Graph docs, change-notifications-delivery-webhooks.
    """
    token = req.params.get("validationToken")
    if token is not None:
        return func.HttpResponse(token, mimetype="text/plain")
    return await answer(_accepted(work()), 202)


async def _accepted(work: Awaitable[None]) -> dict[str, Any]:
    await work
    return {}
