"""The admin surface as a caller sees it; each answer is held against the OpenAPI document."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator, FormatChecker

from functions.admin.openapi import document
from functions.admin.operations import OPERATIONS, Operation
from local.host.in_process import HttpReply, Worker, http_request

BY_NAME: Mapping[str, Operation] = {operation.name: operation for operation in OPERATIONS}
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Surface:
    """Calls operations by name, through the worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def ask(
        self,
        name: str,
        id: str = "",
        *,
        body: bytes | str | Any = b"",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> HttpReply:
        """Return the answer, after checking that the document allows it.

        `id` is the parameter of the operation's route, as it is; no route has more than one.
        """
        operation = BY_NAME[name]
        request = http_request(
            operation.method,
            "/api/" + re.sub(r"{\w+}", quote(id, safe=""), operation.path),
            headers=headers or {},
            query=query or {},
            route=dict.fromkeys(operation.parameters, id),
            body=body,
        )
        outcome = await self._worker.invoke(name, request)
        assert outcome.succeeded, outcome.traceback
        check(operation, outcome.http)
        return outcome.http


def check(operation: Operation, reply: HttpReply) -> None:
    """Fail unless the document describes exactly such an answer."""
    whole = document()
    described = whole["paths"][f"/{operation.route}"][operation.method.lower()]["responses"]
    assert str(reply.status) in described, (operation.name, reply.status, reply.text)
    response = described[str(reply.status)]
    if "$ref" in response:
        response = whole["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    type = reply.headers["content-type"].partition(";")[0]
    assert type in response["content"]
    if type != "application/json":
        assert reply.headers.keys() >= response["headers"].keys()
        return
    schema = {
        **response["content"]["application/json"]["schema"],
        "components": whole["components"],
    }
    Draft202012Validator(schema, format_checker=FORMATS).validate(reply.json())
