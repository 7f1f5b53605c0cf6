"""What a request asks: the arguments of its job, or sentences that say what is wrong with it."""

from typing import Any

import azure.functions as func
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from domain.caller import Caller
from functions.admin import shapes
from functions.admin.caller import decider, name_of
from functions.admin.operations import Operation
from functions.refusals import BadRequest, TooLarge

MAX_BODY = 5_000_000
"""Bytes."""

_SAID = 20
"""Sentences in one answer; who sends more mistakes mends these first."""


def arguments(
    operation: Operation, req: func.HttpRequest, run: str, caller: Caller
) -> dict[str, Any]:
    """Return the arguments of the operation's job.

    Raises:
        BadRequest: a parameter, the body or the caller's name makes no sense.
        TooLarge: the body has more than `MAX_BODY` bytes.
    """
    given = _parameters(operation, req) | _body(operation, req)
    claimed = given.pop("by", None) or ""
    if operation.by == "named":
        given["by"] = decider(caller, req.headers, claimed)
    elif operation.by == "anyone":
        given["by"] = name_of(caller, req.headers) or "unknown"
    if operation.starts_run:
        given[operation.run_as] = run
    return given


def _parameters(operation: Operation, req: func.HttpRequest) -> dict[str, Any]:
    values = {**dict.fromkeys(operation.query), **req.route_params}
    values |= {name: req.params[name] for name in operation.query if name in req.params}
    return {name: value and _parameter(name, value) for name, value in values.items()}


def _parameter(name: str, value: str) -> Any:
    parameter = shapes.PARAMETERS[name]
    try:
        return TypeAdapter(parameter.type).validate_python(value)
    except ValidationError:
        raise BadRequest([f"{name}: Expected {parameter.expected}."]) from None


def _body(operation: Operation, req: func.HttpRequest) -> dict[str, Any]:
    if not operation.body:
        return {}
    text = _text(req.get_body())
    if operation.body == "text":
        return {"text": text}
    model: type[BaseModel] = getattr(shapes, operation.body)
    try:
        # No body is an empty one: what is missing in it is then said field by field.
        return dict(model.model_validate_json(text or "{}"))
    except ValidationError as error:
        raise BadRequest(_sentences(error, model)) from None


def _text(body: bytes) -> str:
    if len(body) > MAX_BODY:
        raise TooLarge(f"The body has {len(body):,} bytes; {MAX_BODY:,} are the most that is read.")
    try:
        # Editors and shells on Windows put a byte order mark first.
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest([f"The body is not UTF-8 text: see byte {error.start + 1}."]) from None


def _sentences(error: ValidationError, model: type[BaseModel]) -> list[str]:
    details = error.errors(include_url=False)
    said = [_sentence(detail, model) for detail in details[:_SAID]]
    more = len(details) - len(said)
    return [*said, f"There are {more} more mistakes."] if more else said


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    allowed = ", ".join(field.alias or name for name, field in model.model_fields.items())
    place = ".".join(_said(str(part)) for part in detail["loc"] if part != "[key]")
    match detail["type"]:
        case "json_invalid":
            return f"The body is not JSON: {detail['ctx']['error']}."
        case "model_type" | "model_attributes_type":
            return f"The body has to be a JSON object with: {allowed}."
        case "extra_forbidden":
            return f"There is no field {place}; allowed here: {allowed}."
        case "string_pattern_mismatch" if (field := str(detail["loc"][0])) in shapes.EXPECTED:
            return f"{place}: Expected {shapes.EXPECTED[field]}."
        case "missing":
            return f"The field {place} is missing."
        case _:
            message = detail["msg"].removeprefix("Value error, ").removesuffix(".")
            return f"{place}: {message}."


def _said(key: str) -> str:
    """Return a caller's own key so that it can be shown, whatever is in it."""
    return "".join(letter if letter.isprintable() else "?" for letter in key[:100])
