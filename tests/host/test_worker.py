"""Functions see what they would see in Azure, losses included, through the real worker library."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.host.processes import REPOSITORY, write_app

APP = """
def shown(value):
    return json.dumps(value, default=str)

SEEN = []

@app.route(route="echo/{id?}")
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    seen = {"method": req.method, "url": req.url, "params": dict(req.params)}
    more = {"route": dict(req.route_params), "headers": dict(req.headers)}
    return func.HttpResponse(shown({**seen, **more, "body": req.get_body().decode()}))

@app.route(route="seen")
def seen(req: func.HttpRequest) -> str:
    return shown(SEEN.pop())

@app.route(route="a_dict")
def a_dict(req: func.HttpRequest) -> func.HttpResponse:
    return {"a": 1}

@app.route(route="nothing")
async def nothing(req: func.HttpRequest) -> func.HttpResponse:
    return None

FIELDS = ("message_id session_id correlation_id subject delivery_count sequence_number "
          "application_properties enqueued_time_utc locked_until dead_letter_reason").split()

def fields(message):
    known = {name: getattr(message, name) for name in FIELDS}
    return {**known, "body": message.get_body().decode()}

@app.service_bus_queue_trigger(arg_name="m", queue_name="q", connection="Bus")
async def one(m: func.ServiceBusMessage) -> None:
    SEEN.append(fields(m))

@app.service_bus_queue_trigger(
    arg_name="ms", queue_name="q", connection="Bus", cardinality="many")
async def many(ms: typing.List[func.ServiceBusMessage]) -> None:
    SEEN.append([fields(m) for m in ms])

@app.service_bus_queue_trigger(
    arg_name="ms", queue_name="q", connection="Bus", cardinality="many", data_type="binary")
def many_binary(ms: typing.List[func.ServiceBusMessage]) -> None:
    SEEN.append([fields(m) for m in ms])

@app.timer_trigger(arg_name="t", schedule="0 0 * * * *")
def tick(t: func.TimerRequest) -> None:
    SEEN.append([t.past_due, t.schedule_status, t.schedule])

@app.timer_trigger(arg_name="t", schedule="0 0 * * * *")
def broken(t: func.TimerRequest) -> None:
    raise LookupError("no bundles")
"""

type Invoke = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def invoke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Invoke]:
    app = write_app(tmp_path_factory.mktemp("worker") / "app", APP)
    command = [sys.executable, "-m", "tests.host.worker_session", str(app)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin
        assert child.stdout

        def ask(function: str, kind: str, **given: Any) -> dict[str, Any]:
            assert child.stdin
            assert child.stdout
            asked = {"function": function, "kind": kind, "given": given}
            child.stdin.write(json.dumps(asked) + "\n")
            child.stdin.flush()
            told: dict[str, Any] = json.loads(child.stdout.readline())
            return told

        yield ask
        child.stdin.close()


def seen(invoke: Invoke) -> Any:
    """Return what the last queue or timer function saw."""
    return json.loads(invoke("seen", "http_request", method="GET", url="/api/seen")["returned"])


def test_an_http_function_sees_the_request_with_what_the_host_drops(invoke: Invoke) -> None:
    told = invoke(
        "echo",
        "http_request",
        method="POST",
        url="/api/echo/7?a=1&a=2&empty=",
        headers=[("X-One", "1"), ("x-one", "2"), ("X-Two", "")],
        query={"b": "3"},
        route={"id": "7"},
        body={"n": 1},
    )

    request = json.loads(told["returned"])
    assert request["method"] == "POST"
    assert request["url"] == "http://localhost:7071/api/echo/7?a=1&a=2&empty=&b=3"
    assert request["params"] == {"a": "1,2", "b": "3"}
    assert request["route"] == {"id": "7"}
    assert request["headers"] == {"x-one": "1,2", "x-two": ""}
    assert request["body"] == '{"n": 1}'


def test_a_request_without_a_body_gives_empty_bytes(invoke: Invoke) -> None:
    told = invoke("echo", "http_request", method="GET", url="/api/echo")

    assert json.loads(told["returned"])["body"] == ""


@pytest.mark.parametrize("function", ["a_dict", "nothing"])
def test_an_http_function_that_returns_no_response_fails(invoke: Invoke, function: str) -> None:
    told = invoke(function, "http_request", method="GET", url=f"/api/{function}")

    assert told["status"] == 500
    assert told["error"].startswith("TypeError")


def test_a_message_keeps_its_properties_and_lacks_what_the_host_never_sends(
    invoke: Invoke,
) -> None:
    invoke(
        "one",
        "service_bus_message",
        body="hello",
        message_id="m1",
        session_id="g1",
        properties={"kind": "grant", "n": 2},
        delivery_count=3,
        subject="s",
    )

    message = seen(invoke)
    assert (message["body"], message["message_id"], message["session_id"]) == ("hello", "m1", "g1")
    assert message["application_properties"] == {"kind": "grant", "n": 2}
    assert (message["delivery_count"], message["sequence_number"]) == (3, 1)
    assert message["enqueued_time_utc"] == "2000-01-01 00:00:00+00:00"
    assert (message["locked_until"], message["dead_letter_reason"]) == (None, None)


def test_in_a_batch_a_property_moves_up_to_a_message_that_has_none(invoke: Invoke) -> None:
    first = {"body": "a", "message_id": "1"}
    second = {"body": "b", "message_id": "2", "correlation_id": "of the second"}

    invoke("many", "service_bus_batch", messages=[first, second])

    assert [m["correlation_id"] for m in seen(invoke)] == ["of the second", None]


def test_in_a_batch_bodies_ids_and_application_properties_stay_aligned(invoke: Invoke) -> None:
    messages = [
        {"body": f"b{n}", "message_id": str(n), "properties": {"n": n} if n else {}}
        for n in range(3)
    ]

    invoke("many", "service_bus_batch", messages=messages)

    got = [(m["body"], m["message_id"], m["application_properties"]) for m in seen(invoke)]
    assert got == [("b0", "0", {}), ("b1", "1", {"n": 1}), ("b2", "2", {"n": 2})]


def test_an_empty_body_fails_a_batch_of_text_and_not_one_of_bytes(invoke: Invoke) -> None:
    messages = [{"body": ""}, {"body": "b"}]

    failed = invoke("many", "service_bus_batch", messages=messages)
    invoke("many_binary", "service_bus_batch", messages=messages, binary=True)

    assert failed["error"].startswith("IndexError")
    assert [m["body"] for m in seen(invoke)] == ["", "b"]


def test_a_timer_sees_whether_it_is_late_and_no_status_if_it_is_not_monitored(
    invoke: Invoke,
) -> None:
    invoke("tick", "timer_info", past_due=True)

    assert seen(invoke) == [True, {}, {"AdjustForDST": True}]


def test_what_a_function_raises_is_told_with_its_traceback(invoke: Invoke) -> None:
    told = invoke("broken", "timer_info")

    assert told["error"] == "LookupError: no bundles"
    assert "function_app.py" in told["trace"]
