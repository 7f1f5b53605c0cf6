"""Answers: every kind of value a job may return has one JSON form."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import BaseModel

from domain.errors import BundleError, Conflict, Forbidden, Held, Later, Never, SeatflowError
from functions.answer import answer
from functions.refusals import BadRequest, TooLarge


class Color(StrEnum):
    RED = "red"


class Size(Enum):
    SMALL = 1


class Model(BaseModel):
    at: datetime


@dataclass(frozen=True, slots=True)
class Value:
    inner: Any


async def given(value: Any) -> Any:
    if isinstance(value, SeatflowError):
        raise value
    return value


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Value(NOON), {"inner": "2026-11-22T12:00:00+00:00"}),
        (Value(date(2026, 11, 22)), {"inner": "2026-11-22"}),
        (Value(timedelta(minutes=1)), {"inner": 60.0}),
        (Value(Color.RED), {"inner": "red"}),
        (Value(Size.SMALL), {"inner": 1}),
        (Value(frozenset("decab")), {"inner": ["a", "b", "c", "d", "e"]}),
        (Value(("a", Value(None))), {"inner": ["a", {"inner": None}]}),
        (MappingProxyType({"a": Value(1)}), {"a": {"inner": 1}}),
        (Model(at=NOON), {"at": "2026-11-22T12:00:00Z"}),
    ],
)
async def test_a_value_is_answered_as_json(value: Any, read: Any) -> None:
    response = await answer(given(value))
    assert json.loads(response.get_body()) == read
    assert (response.status_code, response.mimetype) == (200, "application/json")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Never("x"), 400),
        (BundleError(["x"]), 400),
        (BadRequest(["x"]), 400),
        (Held("x"), 409),
        (Conflict("x"), 409),
        (TooLarge("x"), 413),
        (Forbidden("x"), 502),
        (Later("x", after=2.5), 503),
        (None, 404),
    ],
)
async def test_every_error_has_its_code_and_the_same_shape(error: Any, code: int) -> None:
    response = await answer(given(error), missing="x")
    assert response.status_code == code
    assert json.loads(response.get_body()) == {"errors": ["x"]}
    assert response.headers.get("Retry-After") == {503: "3", 409: None}.get(code) or (
        isinstance(error, Conflict) and response.headers["Retry-After"] == "1"
    )


async def test_what_nobody_anticipated_is_raised() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        await answer(given(Value(object())))
