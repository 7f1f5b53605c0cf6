"""The admin HTTP surface, version 1: plans, runs, people and how everything stands."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import azure.functions as func

from functions.answer import answer

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return the functions under /api/v1/plans, /runs, /people and /status."""
    bp = func.Blueprint()

    @bp.function_name("list_plans")
    @bp.route("v1/plans", methods=["GET"])
    async def list_plans(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().plans(req.params.get("bundle")))

    @bp.function_name("get_plan")
    @bp.route("v1/plans/{id}", methods=["GET"])
    async def get_plan(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().plan(req.route_params["id"]))

    @bp.function_name("start_run")
    @bp.route("v1/runs", methods=["POST"])
    async def start_run(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        return await answer(_started(jobs(), context.invocation_id), 202)

    @bp.function_name("get_run")
    @bp.route("v1/runs/{id}", methods=["GET"])
    async def get_run(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().run(req.route_params["id"]))

    @bp.function_name("get_person")
    @bp.route("v1/people/{id:guid}", methods=["GET"])
    async def get_person(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().explain(req.route_params["id"].lower()))

    @bp.function_name("get_status")
    @bp.route("v1/status", methods=["GET"])
    async def get_status(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().status())

    return bp


async def _started(jobs: "Jobs", run: str) -> dict[str, Any]:
    return {"run": (await jobs.start_run(run)).id}
