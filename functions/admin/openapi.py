"""The surface as an OpenAPI 3.1 document, written from the table and from the types themselves.

An answer's schema comes from what its job is annotated to return, a body's from the model that
parses it. So the document cannot say anything else than the code.
"""

from functools import cache
from types import NoneType
from typing import Any, Union, get_args, get_type_hints

from domain.bundle import Bundle
from domain.jobs import Jobs
from functions.admin import shapes
from functions.admin.caller import CLAIMED, LONGEST
from functions.admin.failures import ERRORS, FAILURES, failures_of
from functions.admin.operations import DOCUMENT, OPERATIONS, Operation
from functions.admin.schemas import Schemas

type Json = dict[str, Any]

_DESCRIPTION = (
    "Who should hold which Microsoft 365 license, and what is done about it."
    ' Errors are `{"errors": ["one sentence each"]}`.'
)


@cache
def document() -> Json:
    """Return the document, always the same."""
    schemas = Schemas()
    for operation in OPERATIONS:
        _collect(operation, schemas)
    schemas.write()
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        path = paths.setdefault(f"/{operation.route}", {})
        path[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Seatflow", "version": "1", "description": _DESCRIPTION},
        "servers": [{"url": "/api/v1"}],
        "security": [{"easyAuth": []}, {"certificate": []}],
        "paths": paths,
        "components": {
            "securitySchemes": _SECURITY,
            "responses": FAILURES,
            "schemas": {**schemas.definitions, "Errors": ERRORS},
        },
    }


_SECURITY = {
    "easyAuth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token for the app with a role; the local stack asks for none.",
    },
    "certificate": {
        "type": "mutualTLS",
        "description": "A client certificate that the app's settings give a role.",
    },
}


def _collect(operation: Operation, schemas: Schemas) -> None:
    for name in (*operation.parameters, *operation.query):
        schemas.add(name, shapes.PARAMETERS[name].type, "validation")
    if operation.body:
        kind = Bundle if operation.body == "text" else getattr(shapes, operation.body)
        schemas.add(operation.body, kind, "validation")
    if operation is not DOCUMENT and not operation.files:
        schemas.add(operation.name, _answer(operation)[0], "serialization")


def _answer(operation: Operation) -> tuple[Any, bool]:
    """Return the type of the answer, and whether there may be none."""
    if operation.shown_as:
        return getattr(shapes, operation.shown_as), False
    returned = get_type_hints(getattr(Jobs, operation.job))["return"]
    kinds = get_args(returned)
    if NoneType not in kinds:
        return returned, False
    return Union[tuple(kind for kind in kinds if kind is not NoneType)], True  # noqa: UP007


def _operation(operation: Operation, schemas: Schemas) -> Json:
    written: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Needs the role {operation.needs.value}.",
        "tags": [operation.route.split("/", maxsplit=1)[0]],
        "parameters": [
            *(_parameter(name, "path", schemas) for name in operation.parameters),
            *(_parameter(name, "query", schemas) for name in operation.query),
            *([_CLAIMED] if operation.by else []),
        ],
        "responses": _responses(operation, schemas),
    }
    if operation.body:
        written["requestBody"] = _body(operation, schemas)
    return {name: value for name, value in written.items() if value != []}


HEADERS: Json = {
    "X-Seatflow-Snapshot": {
        "description": "The id of the snapshot: ask for the other parts of this one.",
        "schema": {"type": "string"},
    },
    "X-Seatflow-Parts": {
        "description": "How many parts there are.",
        "schema": {"type": "integer", "minimum": 1},
    },
}

_CLAIMED: Json = {
    "name": CLAIMED,
    "in": "header",
    "description": "Who calls, on the local stack; kept as unverified.",
    "schema": {"type": "string", "maxLength": LONGEST},
}


def _parameter(name: str, where: str, schemas: Schemas) -> Json:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": shapes.PARAMETERS[name].description,
        "schema": schemas.received(name),
    }


def _body(operation: Operation, schemas: Schemas) -> Json:
    schema = schemas.received(operation.body)
    if operation.body == "text":
        return {
            "required": True,
            "content": {"application/yaml": {"schema": schema}, **_json(schema)},
        }
    required = any(f.is_required() for f in getattr(shapes, operation.body).model_fields.values())
    return {"required": required, "content": _json(schema)}


def _responses(operation: Operation, schemas: Schemas) -> Json:
    content, may_miss = _json({"type": "object"}), False
    if operation is not DOCUMENT:
        may_miss = _answer(operation)[1]
        content = _files(operation) or _json(schemas.sent(operation.name))
    success: Json = {"description": operation.summary, "content": content}
    if operation.files:
        success["headers"] = HEADERS
    return {str(operation.code): success, **failures_of(operation, may_miss)}


def _files(operation: Operation) -> Json:
    return {each.partition(";")[0]: {} for each in operation.files}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}
