"""The triggers of the admin surface: one function for each row of the table."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import azure.functions as func

from functions.admin.operations import DOCUMENT, OPERATIONS, Operation
from functions.answer import answer
from functions.locks import Locks

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]", locks: Locks) -> func.Blueprint:
    """Return the functions under /api/v1."""
    bp = func.Blueprint()
    for operation in OPERATIONS:
        # No function key: it would name nobody, and be one more secret.
        route = bp.route(
            operation.path, methods=[operation.method], auth_level=func.AuthLevel.ANONYMOUS
        )
        bp.function_name(operation.name)(route(_trigger(operation, jobs, locks)))
    return bp


def _trigger(operation: Operation, jobs: "Callable[[], Jobs]", locks: Locks) -> Callable[..., Any]:
    async def trigger(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        work = _carry_out(operation, jobs, locks, req, context.invocation_id)
        return await answer(work, operation.code, operation.missing)

    return trigger


async def _carry_out(
    operation: Operation,
    jobs: "Callable[[], Jobs]",
    locks: Locks,
    req: func.HttpRequest,
    run: str,
) -> Any:
    caller = locks.admit(req.headers, operation.needs)
    # Imported by the first call, not by loading the app: these bring pydantic models and rules.
    if operation is DOCUMENT:
        from functions.admin.openapi import document

        return document()
    from functions.admin.asked import arguments
    from functions.admin.shapes import shown

    given = arguments(operation, req, run, caller)
    return shown(operation.shown_as, await getattr(jobs(), operation.job)(**given))
