"""The failures of the surface, as its OpenAPI document describes them."""

from typing import Any

from functions.admin.asked import MAX_BODY
from functions.admin.operations import DOCUMENT, Operation

type Json = dict[str, Any]

ERRORS: Json = {
    "type": "object",
    "properties": {"errors": {"type": "array", "minItems": 1, "items": {"type": "string"}}},
    "required": ["errors"],
    "additionalProperties": False,
}
"""The one shape of everything that went wrong: a sentence for each thing."""

_CONTENT: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
_AFTER: Json = {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}


def _failure(description: str, *, after: bool = False) -> Json:
    headers: Json = {"headers": {"Retry-After": _AFTER}} if after else {}
    return {"description": description, "content": _CONTENT, **headers}


FAILURES: Json = {
    "BadRequest": _failure("What was sent is wrong, or names nobody who decides."),
    "Unauthorized": _failure("Nobody who is known; where Easy Auth answers, without a body."),
    "NotAllowed": _failure("The caller lacks the role that this needs."),
    "NotFound": _failure("There is no such thing."),
    "Conflict": _failure("A guard holds this, or someone was quicker: look again.", after=True),
    "TooLarge": _failure(f"The body has more than {MAX_BODY:,} bytes."),
    "Forbidden": _failure("The app lacks a permission; the sentence names it."),
    "Later": _failure("Try again after `Retry-After` seconds.", after=True),
}


def failures_of(operation: Operation, may_miss: bool) -> Json:
    """Return how an operation may fail, by status code.

    Args:
        may_miss: what is asked for may not exist.
    """
    works = operation is not DOCUMENT
    asks = operation.parameters or operation.query or operation.body or operation.by
    possible = {
        "400": ("BadRequest", asks),
        "401": ("Unauthorized", True),
        "403": ("NotAllowed", True),
        "404": ("NotFound", may_miss),
        "409": ("Conflict", operation.method != "GET"),
        "413": ("TooLarge", operation.body),
        "502": ("Forbidden", works),
        "503": ("Later", works),
    }
    return {
        code: {"$ref": f"#/components/responses/{name}"}
        for code, (name, applies) in possible.items()
        if applies
    }
