"""The admin HTTP surface, version 1: the stored policies."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from functions.answer import answer

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return the functions under /api/v1/bundles."""
    bp = func.Blueprint()

    @bp.function_name("list_bundles")
    @bp.route("v1/bundles", methods=["GET"])
    async def list_bundles(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().bundles())

    @bp.function_name("get_bundle")
    @bp.route("v1/bundles/{id}", methods=["GET"])
    async def get_bundle(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().bundle(req.route_params["id"]))

    @bp.function_name("get_bundle_history")
    @bp.route("v1/bundles/{id}/history", methods=["GET"])
    async def get_bundle_history(req: func.HttpRequest) -> func.HttpResponse:
        return await answer(jobs().bundle_history(req.route_params["id"]))

    @bp.function_name("put_bundle")
    @bp.route("v1/bundles/{id}", methods=["PUT"])
    async def put_bundle(req: func.HttpRequest) -> func.HttpResponse:
        text = req.get_body().decode(errors="replace")
        return await answer(jobs().store_bundle(req.route_params["id"], text, _who(req)))

    return bp


def _who(req: func.HttpRequest) -> str:
    """Return who calls: the object id that Easy Auth vouches for, where it is switched on."""
    return str(req.headers.get("x-ms-client-principal-id", "unknown"))
