"""Webhooks: Graph's change notifications. Anonymous, and guarded by each watch's own secret."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import azure.functions as func

from domain.errors import Later, SeatflowError
from functions.answer import answer

if TYPE_CHECKING:
    from domain.jobs import Jobs

PATIENCE = 2.5
"""Seconds. Graph waits three, and then tries again; it gives up on an endpoint that is often slow
(docs: change-notifications-delivery-webhooks)."""

_going_on: set[asyncio.Future[None]] = set()
"""An event loop alone keeps no task alive."""


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return graph_notifications and graph_lifecycle."""
    bp = func.Blueprint()

    # Graph may send either kind of notification to either address, so both take both.

    @bp.function_name("graph_notifications")
    @bp.route("graph/notifications", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def graph_notifications(
        req: func.HttpRequest, context: func.Context
    ) -> func.HttpResponse:
        return await _take(req, lambda: jobs().notified(req.get_body(), context.invocation_id))

    @bp.function_name("graph_lifecycle")
    @bp.route("graph/lifecycle", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def graph_lifecycle(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        return await _take(req, lambda: jobs().notified(req.get_body(), context.invocation_id))

    return bp


async def _take(req: func.HttpRequest, work: Callable[[], Awaitable[None]]) -> func.HttpResponse:
    """Echo Graph's validation token as plain text, or take the notifications with 202.

    Source: Microsoft Graph docs, change-notifications-delivery-webhooks.
    """
    token = req.params.get("validationToken")
    if token is not None:
        return func.HttpResponse(token, mimetype="text/plain")
    return await answer(in_time(work()), 202)


async def in_time(work: Awaitable[None], seconds: float = PATIENCE) -> dict[str, Any]:
    """Wait for work, but not for ever; what takes longer goes on, and must bear being done again.

    Raises:
        Later: it has not come to an end.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        _going_on.add(task)
        task.add_done_callback(_ended)
        raise Later("The notifications could not be queued in time.", after=1.0)
    await task
    return {}


def _ended(task: asyncio.Future[None]) -> None:
    _going_on.discard(task)
    error = None if task.cancelled() else task.exception()
    if error and not isinstance(error, SeatflowError):  # the job has told of those
        told = {"message": "A late webhook failed.", "exception": error, "task": task}
        task.get_loop().call_exception_handler(told)
