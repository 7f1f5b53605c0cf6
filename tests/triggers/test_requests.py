"""Requests that make no sense: one clear sentence each, and never a 500."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.admin.asked import MAX_BODY
from tests.triggers.surface import Surface

pytestmark = pytest.mark.asyncio(loop_scope="session")

BY = {"X-Seatflow-By": "Ada"}
DEEP = b'{"files": ' + b"[" * 100_000


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The field files is missing."),
        (b"{", "The body is not JSON: EOF while parsing an object at line 1 column 1."),
        (b"files: x", "The body is not JSON: expected ident at line 1 column 2."),
        (b'{"files": "\xff"}', "The body is not UTF-8 text: see byte 12."),
        ('{"files": {"a": ""}}'.encode("utf-16"), "The body is not UTF-8 text: see byte 1."),
        (b"[]", "The body has to be a JSON object with: files."),
        (b'"files"', "The body has to be a JSON object with: files."),
        (b"{}", "The field files is missing."),
        (b'{"files": []}', "files: Input should be an object."),
        (b'{"files": {}}', "files: "),
        (b'{"files": {"a.yaml": 1}}', "files.a.yaml: Input should be a valid string."),
        (b'{"files": {"": "x"}}', "files.: String should have at least 1 character."),
        (b'{"files": {"a\\u0000": "x"}}', "files.a?: Expected one line without control"),
        (b'{"files": {"a": "x"}, "by": "me"}', "There is no field by; allowed here: files."),
        (b'{"files": {"a": "\\ud800"}}', "The body is not JSON: "),
        (DEEP, "The body is not JSON: recursion limit exceeded"),
    ],
)
async def test_a_bad_body_is_answered_with_a_sentence(
    surface: Surface, body: bytes, sentence: str
) -> None:
    answer = await surface.ask("push_policy", body=body, headers=BY)
    assert answer.status == 400
    assert answer.json()["errors"][0].startswith(sentence)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "The field reason is missing."),
        ({"reason": ""}, "reason: String should have at least 1 character."),
        ({"reason": "  "}, "reason: String should have at least 1 character."),
        ({"reason": "x" * 501}, "reason: String should have at most 500 characters."),
        ({"reason": "a\nb"}, "reason: Expected one line without control characters."),
        ({"reason": None}, "reason: Input should be a valid string."),
        ({"because": "x"}, "There is no field because; allowed here: reason."),
    ],
)
async def test_a_reason_is_one_line(surface: Surface, body: Any, sentence: str) -> None:
    for name, id in (("pause", ""), ("refuse_plan", "p")):
        answer = await surface.ask(name, id, body=body, headers=BY)
        assert (answer.status, sentence in answer.json()["errors"]) == (400, True), answer.text


async def test_a_body_with_a_byte_order_mark_is_read(surface: Surface) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"reason": "Mañana."}).encode()
    answer = await surface.ask("pause", body=body, headers=BY)
    assert answer.json()["pause"]["reason"] == "Mañana."


async def test_a_body_of_more_than_five_megabytes_is_413(surface: Surface) -> None:
    body = b'{"files": {"a.yaml": "' + b"x" * MAX_BODY + b'"}}'
    for name, id in (("push_policy", ""), ("put_bundle", "e3")):
        answer = await surface.ask(name, id, body=body, headers=BY)
        assert answer.status == 413
        assert "5,000,000 are the most" in answer.json()["errors"][0]


async def test_of_very_many_mistakes_the_first_are_said(surface: Surface) -> None:
    files = {f"{number}.yaml": number for number in range(50)}
    answer = await surface.ask("push_policy", body={"files": files}, headers=BY)
    assert len(answer.json()["errors"]) == 21
    assert answer.json()["errors"][-1] == "There are 30 more mistakes."


async def test_a_long_name_of_a_file_is_not_said_whole(surface: Surface) -> None:
    answer = await surface.ask("push_policy", body={"files": {"x" * 10_000: 1}}, headers=BY)
    assert all(len(sentence) < 300 for sentence in answer.json()["errors"])


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("get_bundle", "M365 E3"),
        ("get_bundle", "a/b"),
        ("put_bundle", "é"),
        ("get_plan", "a'b"),
        ("get_plan", "x" * 201),
        ("get_run", "\x00"),
        ("get_person", "Ada"),
        ("get_person", "ada%40contoso.com"),
        ("get_person", "ada@contoso.com\n"),
        ("get_person", "../groups/1@x"),
        ("get_person", "a" * 300 + "@contoso.com"),
    ],
)
async def test_an_id_that_cannot_be_one_is_answered_with_what_is_expected(
    surface: Surface, name: str, id: str
) -> None:
    answer = await surface.ask(name, id)
    assert answer.status == 400
    assert re.match(r"(bundle|plan|run|person): Expected ", answer.json()["errors"][0])


async def test_a_state_that_no_plan_has_is_answered_with_those_there_are(surface: Surface) -> None:
    answer = await surface.ask("list_plans", query={"state": "heldd"})
    assert answer.status == 400
    assert "held, released, refused" in answer.json()["errors"][0]


# The office is not asked to be fresh for each example.
SAME_WORLD = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("files"), inner),
)


@SAME_WORLD
@given(body=st.binary() | JSON.map(json.dumps).map(str.encode))
async def test_no_body_whatever_is_a_500(surface: Surface, body: bytes) -> None:
    for name, id in (("lint", ""), ("pause", ""), ("put_bundle", "e3")):
        answer = await surface.ask(name, id, body=body, headers=BY)
        assert answer.status in (200, 400)


@SAME_WORLD
@given(value=st.text(min_size=1))
async def test_no_parameter_whatever_is_a_500(surface: Surface, value: str) -> None:
    for name in ("get_bundle", "get_plan", "get_person"):
        answer = await surface.ask(name, value)
        assert answer.status in (400, 404)
