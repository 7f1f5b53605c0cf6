"""Answers: what a job returns or raises, as HTTP."""

import dataclasses
import json
from collections.abc import Awaitable
from datetime import datetime
from math import ceil
from typing import Any

import azure.functions as func
from pydantic import BaseModel

from domain.errors import BundleError, Conflict, Forbidden, Held, Later, Never, SeatflowError


async def answer(work: Awaitable[Any], code: int = 200) -> func.HttpResponse:
    """Wait for a job and answer with what it returns; None is 404, an anticipated error its code.

    Anything else raises, and the host answers 500.
    """
    try:
        result = await work
    except SeatflowError as error:
        return _failure(error)
    if result is None:
        return _json({"errors": ["Not found."]}, 404)
    return _json(result, code)


def _failure(error: SeatflowError) -> func.HttpResponse:
    problems = error.problems if isinstance(error, BundleError) else [str(error)]
    response = _json({"errors": problems}, _code(error))
    if isinstance(error, Later):
        response.headers["Retry-After"] = str(max(1, ceil(error.after)))
    return response


def _code(error: SeatflowError) -> int:
    match error:
        case Conflict() | Held():
            return 409
        case Later():
            return 503
        case Forbidden():
            return 502
        case Never():
            return 400
        case _:
            return 500


def _json(value: Any, code: int) -> func.HttpResponse:
    body = json.dumps(value, default=_plain)
    return func.HttpResponse(body, status_code=code, mimetype="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
