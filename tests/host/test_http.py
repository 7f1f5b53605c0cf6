"""HTTP functions over HTTP: routes, methods, keys, failures, and the host's own endpoints."""

import http.client
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.host.processes import RunningHost, write_app

APP = """
@app.route("echo/{*path}", methods=["GET", "POST", "DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    seen = {"params": dict(req.params), "route": dict(req.route_params)}
    more = {"headers": dict(req.headers), "size": len(req.get_body())}
    return func.HttpResponse(json.dumps({**seen, **more}), mimetype="application/json")

@app.route(route="echo/literal", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def literal(req: func.HttpRequest) -> str:
    return "literal"

@app.route(route="cookies", auth_level=func.AuthLevel.ANONYMOUS)
def cookies(req: func.HttpRequest) -> func.HttpResponse:
    cookie = "a=b; Max-Age=5; Path=/x; SameSite=Strict; Secure; HttpOnly"
    return func.HttpResponse(b"", status_code=202, headers={"Set-Cookie": cookie, "X-Own": "1"})

@app.route(route="fails", auth_level=func.AuthLevel.ANONYMOUS)
async def fails(req: func.HttpRequest) -> func.HttpResponse:
    logging.getLogger("app").warning("about to fail")
    raise ValueError("what the caller must not see")

@app.route(route="in_a_thread", auth_level=func.AuthLevel.ANONYMOUS)
def in_a_thread(req: func.HttpRequest) -> str:
    logging.getLogger("app").warning("from a thread")
    return "done"

@app.route(route="slow", auth_level=func.AuthLevel.ANONYMOUS)
async def slow(req: func.HttpRequest) -> str:
    await asyncio.sleep(60)
    return "done"

@app.route(route="keyed", auth_level=func.AuthLevel.FUNCTION)
def keyed(req: func.HttpRequest) -> str:
    return "open"

@app.route(route="admins", auth_level=func.AuthLevel.ADMIN)
def admins(req: func.HttpRequest) -> str:
    return "open"

@app.route(route="off")
def off(req: func.HttpRequest) -> str:
    return "never"

@app.service_bus_queue_trigger(arg_name="m", queue_name="q", connection="Bus")
async def work(m: func.ServiceBusMessage) -> None:
    logging.getLogger("app").info("worked on %s", m.get_body().decode())

@app.timer_trigger(arg_name="t", schedule="0 0 0 1 1 *")
async def yearly(t: func.TimerRequest) -> None:
    logging.getLogger("app").info("a new year")
"""
SETTINGS = {
    "Bus": "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=a;SharedAccessKey=b;"
    "UseDevelopmentEmulator=true",
    "AzureWebJobs.off.Disabled": "true",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    host_json = {"version": "2.0", "functionTimeout": "00:00:01"}
    folder = tmp_path_factory.mktemp("http") / "app"
    return write_app(folder, APP, host_json=host_json, settings=SETTINGS)


@pytest.fixture(scope="module")
def host(app: Path) -> Iterator[RunningHost]:
    with RunningHost(app) as running:
        yield running.ready()


@pytest.fixture(scope="module")
def guarded(app: Path) -> Iterator[RunningHost]:
    with RunningHost(app, "--enable-auth", env={"HOST_KEY": "secret"}) as running:
        yield running.ready()


def test_a_request_reaches_its_function_with_route_query_and_body(host: RunningHost) -> None:
    reply = host.call("/api/echo/a/b%20c?x=1&x=2&y=", method="POST", body=b"12345")

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    seen = reply.json()
    assert (seen["params"], seen["route"], seen["size"]) == ({"x": "1,2"}, {"path": "a/b c"}, 5)
    assert seen["headers"]["content-length"] == "5"


def test_the_more_literal_route_answers(host: RunningHost) -> None:
    assert host.call("/api/echo/literal").body == b"literal"
    assert host.call("/API/Echo/Literal/").body == b"literal"


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("ada_contoso.com%23EXT%23%40fabrikam.com", "ada_contoso.com#EXT#@fabrikam.com"),
        ("ada@contoso.com", "ada@contoso.com"),
        ("Zo%C3%AB+1", "Zoë+1"),
        ("100%25", "100%"),
        ("a%2540b", "a%40b"),
        ("a%2Fb", "a%2Fb"),
    ],
)
def test_a_route_parameter_is_decoded_once_and_keeps_an_encoded_slash(
    host: RunningHost, sent: str, seen: str
) -> None:
    assert host.call(f"/api/echo/{sent}").json()["route"] == {"path": seen}


def test_a_delete_brings_its_body(host: RunningHost) -> None:
    reply = host.call("/api/echo/x", method="DELETE", body=b"12345")

    assert reply.json()["size"] == 5


@pytest.mark.parametrize(
    ("sent", "status"), [(b"Zo\xc3\xab", 200), (b"Zo\xeb", 400), (b"a\x00b", 400)]
)
def test_a_header_is_utf_8_text_or_the_request_is_refused(
    host: RunningHost, sent: bytes, status: int
) -> None:
    with closing(http.client.HTTPConnection(host.url.removeprefix("http://"))) as connection:
        connection.putrequest("GET", "/api/echo/x")
        connection.putheader("X-Name", sent)
        connection.endheaders()
        with connection.getresponse() as answer:
            assert answer.status == status


def test_a_body_sent_in_chunks_does_not_arrive_as_in_azure(host: RunningHost) -> None:
    with closing(http.client.HTTPConnection(host.url.removeprefix("http://"))) as connection:
        connection.request("POST", "/api/echo/x", body=iter([b"123"]), encode_chunked=True)

        assert b'"size": 0' in connection.getresponse().read()


def test_status_headers_and_cookies_of_the_response_are_kept(host: RunningHost) -> None:
    reply = host.call("/api/cookies")

    assert (reply.status, reply.body, reply.headers["X-Own"]) == (202, b"", "1")
    parts = reply.headers["Set-Cookie"].split("; ")
    assert parts[0] == "a=b"
    assert {"Max-Age=5", "Path=/x", "SameSite=Strict", "Secure", "HttpOnly"} <= set(parts)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/none"), ("PUT", "/api/echo/x"), ("GET", "/echo/x")]
)
def test_a_path_or_method_of_no_function_is_not_found(
    host: RunningHost, method: str, path: str
) -> None:
    assert host.call(path, method=method).status == 404


def test_a_disabled_function_is_not_there(host: RunningHost) -> None:
    assert host.call("/api/off").status == 404
    assert not host.found("off: http")


def test_a_failing_function_answers_500_and_tells_the_log_alone(host: RunningHost) -> None:
    reply = host.call("/api/fails")

    assert (reply.status, reply.body) == (500, b"")
    host.wait_for("fails failed .*ValueError: what the caller must not see")
    host.wait_for(r"^ValueError: what the caller must not see$")


@pytest.mark.parametrize(
    ("function", "said"), [("fails", "about to fail"), ("in_a_thread", "from a thread")]
)
def test_a_log_line_names_the_function_and_the_invocation(
    host: RunningHost, function: str, said: str
) -> None:
    host.call(f"/api/{function}")

    line = host.wait_for(said)[-1]
    assert f"[{function} " in line
    invocation = line.split("]")[0].split()[-1]
    host.wait_for(rf"host: {function} (succeeded|failed) .*{invocation}")


def test_a_function_that_runs_too_long_is_given_up(host: RunningHost) -> None:
    assert host.call("/api/slow").status == 500
    host.wait_for(r"slow ran longer than functionTimeout \(1 s\)")


def test_a_body_of_more_than_100_megabytes_is_refused(host: RunningHost) -> None:
    with closing(http.client.HTTPConnection(host.url.removeprefix("http://"))) as connection:
        connection.putrequest("POST", "/api/echo/x")
        connection.putheader("Content-Length", str(101 * 2**20))
        connection.endheaders()

        with connection.getresponse() as answer:
            assert answer.status == 413


@pytest.mark.parametrize("path", ["/api/keyed", "/api/admins", "/admin/host/status"])
def test_keys_are_asked_for_only_with_auth_enabled(
    host: RunningHost, guarded: RunningHost, path: str
) -> None:
    assert host.call(path).status == 200
    assert guarded.call(path).status == 401
    assert guarded.call(path, headers={"x-functions-key": "wrong"}).status == 401
    assert guarded.call(path, headers={"x-functions-key": "secret"}).status == 200
    assert guarded.call(f"{path}?code=secret").status == 200


def test_an_anonymous_function_needs_no_key(guarded: RunningHost) -> None:
    assert guarded.call("/api/echo/literal").status == 200


def test_the_host_lists_its_functions_and_its_state(host: RunningHost) -> None:
    listed = {found["name"]: found["trigger"] for found in host.call("/admin/functions").json()}

    assert (listed["echo"], listed["work"], listed["yearly"]) == ("http", "queue", "timer")
    assert "off" not in listed
    assert host.call("/admin/host/status").json() == {"state": "Running"}


def test_a_timer_and_a_queue_function_run_when_asked(host: RunningHost) -> None:
    assert host.call("/admin/functions/yearly", method="POST").status == 202
    host.wait_for("a new year")
    given = b'{"input": "by hand"}'
    assert host.call("/admin/functions/work", method="POST", body=given).status == 202
    host.wait_for("worked on by hand")


@pytest.mark.parametrize(
    ("name", "body", "status"), [("nope", b"", 404), ("echo", b"", 400), ("work", b"{", 400)]
)
def test_a_function_that_cannot_be_run_by_hand_is_refused(
    host: RunningHost, name: str, body: bytes, status: int
) -> None:
    assert host.call(f"/admin/functions/{name}", method="POST", body=body).status == status


def test_ready_tells_each_function_with_where_it_is_found(host: RunningHost) -> None:
    assert host.found(r"^  keyed: http every method /api/keyed$")
    assert host.found(r"^  yearly: timer 0 0 0 1 1 \*$")
    assert host.found(r"^  work: queue q$")
    assert host.found(r"^Functions host ready on http://127.0.0.1:\d+ \(10 functions\)$")
