"""The admin HTTP surface, version 1: plans, runs, people and how everything stands."""

from collections.abc import Callable
from typing import Any

import azure.functions as func

from domain.jobs.explain import explain
from domain.jobs.run import request_run
from domain.jobs.status import status
from domain.ports import Ports
from functions.answer import answer

_PLANS = 100


def blueprint(ports: Callable[[], Ports]) -> func.Blueprint:
    """Return the functions under /api/v1/plans, /runs, /people and /status."""
    bp = func.Blueprint()

    @bp.function_name("list_plans")
    @bp.route("v1/plans", methods=["GET"])
    async def list_plans(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(ports().plans.recent(_PLANS, req.params.get("bundle")))

    @bp.function_name("get_plan")
    @bp.route("v1/plans/{id}", methods=["GET"])
    async def get_plan(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(ports().plans.get(req.route_params["id"]))

    @bp.function_name("start_run")
    @bp.route("v1/runs", methods=["POST"])
    async def start_run(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        return await answer(_started(ports(), context.invocation_id), 202)

    @bp.function_name("get_run")
    @bp.route("v1/runs/{id}", methods=["GET"])
    async def get_run(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(ports().runs.get(req.route_params["id"]))

    @bp.function_name("get_person")
    @bp.route("v1/people/{id:guid}", methods=["GET"])
    async def get_person(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(explain(ports(), req.route_params["id"].lower()))

    @bp.function_name("get_status")
    @bp.route("v1/status", methods=["GET"])
    async def get_status(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(status(ports()))

    return bp


async def _started(ports: Ports, run: str) -> dict[str, Any]:
    return {"run": (await request_run(ports, run)).id}
