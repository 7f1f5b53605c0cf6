"""Answers: what a job returns or raises, as HTTP."""

import json
from collections.abc import Awaitable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from math import ceil
from typing import Any

import azure.functions as func
from pydantic import BaseModel

from domain.errors import (
    BundleError,
    Conflict,
    Forbidden,
    Held,
    Later,
    Never,
    SeatflowError,
    Untrusted,
)
from domain.inventory.exported import MEDIA_TYPES, Exported
from functions.refusals import BadRequest, NotAllowed, TooLarge

NOTHING = "There is nothing here."


async def answer(
    work: Awaitable[Any], code: int = 200, missing: str = NOTHING
) -> func.HttpResponse:
    """Wait for a job and answer with what it returns; an anticipated error answers with its code.

    None is a 404 with the sentence `missing`. Anything else raises, and the host answers 500.
    """
    try:
        result = await work
    except SeatflowError as error:
        return _failure(error)
    if result is None:
        return _json({"errors": [missing]}, 404)
    return _file(result) if isinstance(result, Exported) else _json(result, code)


def _file(part: Exported) -> func.HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{part.name}"',
        "X-Seatflow-Snapshot": part.snapshot,
        "X-Seatflow-Parts": str(part.parts),
    }
    return func.HttpResponse(part.body, headers=headers, mimetype=MEDIA_TYPES[part.format])


def _failure(error: SeatflowError) -> func.HttpResponse:
    response = _json({"errors": _sentences(error)}, _code(error))
    if isinstance(error, Later):
        response.headers["Retry-After"] = str(max(1, ceil(error.after)))
    return response


def _sentences(error: SeatflowError) -> list[str]:
    return error.problems if isinstance(error, BundleError | BadRequest) else [str(error)]


def _code(error: SeatflowError) -> int:
    match error:
        case Conflict() | Held():
            return 409
        case Later():
            return 503
        case Forbidden():
            return 502
        case Untrusted():
            return 401
        case NotAllowed():
            return 403
        case TooLarge():
            return 413
        case Never():
            return 400
        case _:
            return 500


def _json(value: Any, code: int) -> func.HttpResponse:
    body = json.dumps(value, default=plain)
    return func.HttpResponse(body, status_code=code, mimetype="application/json")


def plain(value: Any) -> Any:
    """Return the JSON form of a value that `json` does not know, one level deep.

    Dataclasses and models become objects with all of their fields, moments ISO 8601, lengths of
    time seconds, and sets lists in order, so that the same set always reads the same.
    """
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Enum():
            return value.value
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")
