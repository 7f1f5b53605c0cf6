"""The client: what it sends, where it will not go, and what it makes of half an answer."""

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from adapters.graph.batch import Call, post
from adapters.graph.client import GraphClient
from adapters.identity_errors import AWAY
from domain.errors import Forbidden, Later, Never
from domain.telemetry.metrics import (
    GRAPH_REQUESTS,
    GRAPH_THROTTLE,
    GRAPH_THROTTLED,
    GRAPH_UNITS,
)
from tests.contract.graph.token import LocalToken
from tests.fakes.telemetry import FakeTelemetry
from tests.unit.adapters_graph.scripted import Scripted


class NoToken(LocalToken):
    """An identity that gets no token."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def get_token(self, *scopes: str, **options: object) -> AccessToken:
        raise self._error


async def test_a_request_carries_the_token_and_the_body(
    server: Scripted, client: GraphClient
) -> None:
    server.say({"value": 1})
    reply = await client.send(
        "POST", "/things?$select=id", {"a": 1}, {"ConsistencyLevel": "eventual"}
    )

    assert (reply.status, reply.body) == (200, {"value": 1})
    (seen,) = server.seen
    assert seen.path_qs == "/v1.0/things?$select=id"
    assert seen.headers["Authorization"] == "Bearer local"
    assert seen.headers["ConsistencyLevel"] == "eventual"
    assert await seen.json() == {"a": 1}


async def test_an_empty_answer_has_no_body(server: Scripted, client: GraphClient) -> None:
    server.say("", 204)
    reply = await client.send("PATCH", "/things")
    assert (reply.ok, reply.body) == (True, None)
    assert await client.ask("PATCH", "/things", "Some.Permission") == {}


async def test_a_link_is_followed_only_back_to_graph(server: Scripted, client: GraphClient) -> None:
    server.say({})
    await client.send("GET", f"{server.url}/v1.0/users?$skiptoken=1")
    for elsewhere in (
        "https://graph.microsoft.com.evil.example/v1.0/x",
        "http://127.0.0.1:1/v1.0/x",
    ):
        with pytest.raises(Never):
            await client.send("GET", elsewhere)
    assert len(server.seen) == 1


async def test_half_a_document_is_later(server: Scripted, client: GraphClient) -> None:
    server.say('{"value": [{"id": ')
    with pytest.raises(Later):
        await client.send("GET", "/users")


async def test_an_error_page_that_is_no_json_keeps_its_status(
    server: Scripted, client: GraphClient
) -> None:
    server.say("<html>Bad gateway</html>", 502)
    with pytest.raises(Later):
        await client.ask("GET", "/users", "User.Read.All")
    server.say("<html>Forbidden</html>", 403)
    await client.send("GET", "/users")
    with pytest.raises(Forbidden) as error:
        await client.ask("GET", "/users", "User.Read.All")
    assert "User.Read.All" in error.value.fix


async def test_the_request_id_is_in_the_error(server: Scripted, client: GraphClient) -> None:
    body = {"error": {"code": "Odd", "message": "Strange."}}
    server.say(body, 418, **{"request-id": "4711"})
    with pytest.raises(Never) as error:
        await client.ask("GET", "/users", "User.Read.All")
    assert "Odd" in error.value.reason
    assert "4711" in error.value.reason


async def test_an_identity_that_is_refused_says_which_fix(server: Scripted) -> None:
    refused = ClientAuthenticationError("no identity")
    refused.status_code = 400
    client = GraphClient(f"{server.url}/v1.0", NoToken(refused))
    with pytest.raises(Never) as error:
        await client.send("GET", "/users")
    assert "identity" in error.value.fix
    await client.close()


async def test_a_token_that_cannot_be_fetched_now_is_later(server: Scripted) -> None:
    for error in (ServiceRequestError("no route"), ClientAuthenticationError("no answer")):
        client = GraphClient(f"{server.url}/v1.0", NoToken(error))
        with pytest.raises(Later) as later:
            await client.send("GET", "/users")
        assert later.value.after == AWAY
        await client.close()


async def test_answers_are_measured_those_in_a_batch_and_those_tried_again_too(
    server: Scripted,
) -> None:
    telemetry = FakeTelemetry()
    client = GraphClient(f"{server.url}/v1.0", LocalToken(), telemetry=telemetry)
    full = {"x-ms-throttle-limit-percentage": "1.1"}
    inner = [
        {"id": "0", "status": 204, "headers": {"x-ms-resource-unit": "2"}},
        {"id": "1", "status": 429, "headers": {"Retry-After": "9", **full}},
    ]
    server.say({}, 429, **{"Retry-After": "0.01"})
    server.say({"value": []}, 200, **{"x-ms-resource-unit": "3"})
    server.say({"responses": inner})

    await client.send("GET", "/users")
    await post(client, [Call("GET", f"/users/{n}") for n in range(2)], "User.Read.All")
    await client.close()

    told = telemetry.values
    assert [sum(told(GRAPH_REQUESTS, status=status)) for status in ("2xx", "4xx")] == [2, 2]
    assert sum(told(GRAPH_THROTTLED)) == 2
    assert sum(told(GRAPH_UNITS)) == 5
    assert told(GRAPH_THROTTLE) == [pytest.approx(110)]


async def test_a_closed_client_connects_again(server: Scripted, client: GraphClient) -> None:
    server.say({})
    await client.send("GET", "/users")
    await client.close()
    assert (await client.send("GET", "/users")).ok
