"""The OpenAPI document is the surface: nothing more, nothing less, and as committed."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from domain.jobs import Jobs
from functions.admin import shapes
from functions.admin.openapi import document
from functions.admin.operations import DOCUMENT, OPERATIONS, Operation
from local.host.in_process import Worker
from tests.triggers.surface import Surface

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs/openapi.json"
AGAIN = "Write it anew: python -m functions.admin > docs/openapi.json"

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_every_function_under_v1_is_in_the_document_and_nothing_else(worker: Worker) -> None:
    routed = {
        (method, trigger["route"].removeprefix("v1"))
        for trigger in (function.trigger for function in worker.functions.values())
        if trigger.get("route", "").startswith("v1/")
        for method in trigger["methods"]
    }
    described = {
        (method.upper(), path)
        for path, operations in document()["paths"].items()
        for method in operations
    }
    assert described == routed
    assert len(routed) == len(OPERATIONS)


async def test_the_document_is_served_as_it_is_committed(surface: Surface) -> None:
    served = (await surface.ask("get_openapi")).json()
    assert served == json.loads(COMMITTED.read_text()), AGAIN


async def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    whole = document()
    for reference in _references(whole):
        here = whole
        for part in reference.removeprefix("#/").split("/"):
            here = here[part]
    for schema in whole["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


async def test_every_definition_is_used() -> None:
    whole = document()
    used = {reference.rsplit("/", 1)[1] for reference in _references(whole)}
    assert used == {*whole["components"]["schemas"], *whole["components"]["responses"]}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


JOBS = [operation for operation in OPERATIONS if operation is not DOCUMENT]


@pytest.mark.parametrize("operation", JOBS, ids=lambda operation: operation.name)
async def test_a_job_is_given_exactly_the_arguments_it_takes(operation: Operation) -> None:
    takes = inspect.signature(getattr(Jobs, operation.job)).parameters.keys() - {"self"}
    body = {"": set(), "text": {"text"}}.get(operation.body)
    if body is None:
        body = getattr(shapes, operation.body).model_fields.keys() - {"by"}
    given = {
        *operation.parameters,
        *operation.query,
        *body,
        *(["by"] if operation.by else []),
        *([operation.run_as] if operation.starts_run else []),
    }
    assert given == takes


async def test_no_two_calls_can_answer_the_same_request() -> None:
    """Azure asks overlapping routes in the order of their functions' names, not by precedence."""
    for one in OPERATIONS:
        for other in OPERATIONS:
            if one is not other and one.method == other.method:
                assert not _overlap(one.route.split("/"), other.route.split("/")), (one, other)


def _overlap(one: list[str], other: list[str]) -> bool:
    return len(one) == len(other) and all(
        a == b or "{" in a + b for a, b in zip(one, other, strict=True)
    )


PAGE = (ROOT / "docs/api.md").read_text()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_every_call_is_in_the_words_of_the_docs(operation: Operation) -> None:
    assert f"`{operation.method} /{operation.route}`" in PAGE


async def test_every_call_in_the_docs_is_one() -> None:
    named = set(re.findall(r"`(GET|PUT|POST|DELETE) /(?!api/)([^`?]+)`", PAGE))
    assert named == {(operation.method, operation.route) for operation in OPERATIONS}


@pytest.mark.parametrize("line", re.findall(r"^curl .*", PAGE, re.MULTILINE))
async def test_every_example_in_the_docs_is_a_call_with_what_it_needs(line: str) -> None:
    usual = "PUT" if " -T " in line else "POST" if " --json " in line else "GET"
    (method,) = re.findall(r"-X (\w+)", line) or [usual]
    (path,) = re.findall(r"\$S/([^\s?\"]+)", line)
    (operation,) = [
        each
        for each in OPERATIONS
        if each.method == method and _overlap(each.route.split("/"), path.split("/"))
    ]
    assert ('-H "$BY"' in line) == bool(operation.by)
    needs_body = operation.body in ("text", "Files", "Because", "Refusal")
    assert not needs_body or " --json " in line or " -T " in line
