"""A page is asked for past Microsoft's adapter, which deals with every other answer."""

import gzip
import json
import zlib
from collections.abc import AsyncIterator

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from adapters.graph.client import GraphClient
from adapters.graph.priority import Priority
from adapters.identity_errors import AWAY
from domain.errors import Later, Never
from domain.telemetry.metrics import GRAPH_REQUESTS
from tests.contract.graph.token import LocalToken
from tests.fakes.telemetry import FakeTelemetry
from tests.unit.adapters_graph.scripted import Scripted
from tests.unit.adapters_graph.test_client import NoToken

PAGE = b'{"value": [{"id": "ada"}]}'


class Claiming(LocalToken):
    """An identity that gives another token where claims are asked for."""

    async def get_token(self, *scopes: str, **options: object) -> AccessToken:
        return AccessToken(f"with {options.get('claims')}", 4_000_000_000)


@pytest.fixture
async def patient(server: Scripted) -> AsyncIterator[GraphClient]:
    client = GraphClient(f"{server.url}/v1.0", LocalToken(), tries=2, patience=1.0)
    yield client
    await client.close()


async def test_a_page_comes_as_its_bytes(server: Scripted, client: GraphClient) -> None:
    server.say(PAGE, 200, **{"x-ms-resource-unit": "3"})
    reply = await client.send("GET", "/users/delta", priority=Priority.LOW, parse=False)

    assert (reply.status, reply.body) == (200, PAGE)
    assert reply.headers["x-ms-resource-unit"] == "3"
    (seen,) = server.seen
    assert seen.headers["Authorization"] == "Bearer local"
    assert seen.headers["x-ms-throttle-priority"] == "Low"
    assert seen.headers["User-Agent"].startswith("kiota-python/")
    assert seen.headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 410, 500, 503])
async def test_what_is_no_page_is_asked_for_once_and_read_as_ever(
    server: Scripted, client: GraphClient, status: int
) -> None:
    server.say({"error": {"code": "Odd", "message": "Strange."}}, status, **{"request-id": "4711"})
    reply = await client.send("GET", "/users/delta", parse=False)
    assert (reply.status, reply.code, reply.headers["request-id"]) == (status, "Odd", "4711")
    assert len(server.seen) == 1


async def test_a_refused_page_is_tried_again_as_ever(server: Scripted) -> None:
    telemetry = FakeTelemetry()
    client = GraphClient(f"{server.url}/v1.0", LocalToken(), tries=2, telemetry=telemetry)
    server.say({}, 429, **{"Retry-After": "0.01"})
    server.say(PAGE)
    reply = await client.send("GET", "/users/delta", priority=Priority.LOW, parse=False)
    await client.close()

    assert (reply.status, reply.body) == (200, PAGE)
    assert [seen.headers.get("Retry-Attempt") for seen in server.seen] == [None, "1"]
    assert {seen.headers["x-ms-throttle-priority"] for seen in server.seen} == {"Low"}
    told = telemetry.values
    assert [sum(told(GRAPH_REQUESTS, status=status)) for status in ("2xx", "4xx")] == [1, 1]


async def test_no_more_tries_than_there_are(server: Scripted, patient: GraphClient) -> None:
    server.say({}, 503, **{"Retry-After": "0.01"})
    assert (await patient.send("GET", "/users/delta", parse=False)).status == 503
    assert len(server.seen) == 2


async def test_a_longer_wait_than_there_is_patience_for_is_left_to_the_caller(
    server: Scripted, patient: GraphClient
) -> None:
    server.say({}, 429, **{"Retry-After": "60"})
    reply = await patient.send("GET", "/users/delta", parse=False)
    assert (reply.status, reply.headers["retry-after"]) == (429, "60")
    assert len(server.seen) == 1


async def test_a_token_with_more_claims_is_got_where_graph_asks_for_one(server: Scripted) -> None:
    client = GraphClient(f"{server.url}/v1.0", Claiming())
    challenge = 'Bearer realm="", error="insufficient_claims", claims="bW9yZQ=="'
    server.say({}, 401, **{"WWW-Authenticate": challenge})
    server.say(PAGE)
    assert (await client.send("GET", "/users/delta", parse=False)).body == PAGE
    await client.close()
    assert [seen.headers["Authorization"] for seen in server.seen] == [
        "Bearer with None",
        "Bearer with more",
    ]


@pytest.mark.parametrize(
    ("error", "raised"),
    [(ServiceRequestError("away"), Later), (ClientAuthenticationError("no"), Later)],
)
async def test_without_a_token_nothing_is_sent(
    server: Scripted, error: Exception, raised: type[Later]
) -> None:
    client = GraphClient(f"{server.url}/v1.0", NoToken(error))
    with pytest.raises(raised) as later:
        await client.send("GET", "/users/delta", parse=False)
    assert later.value.after == AWAY
    assert server.seen == []


async def test_a_page_elsewhere_is_not_asked_for(server: Scripted, client: GraphClient) -> None:
    with pytest.raises(Never):
        await client.send("GET", "http://127.0.0.1:1/v1.0/users/delta", parse=False)


async def test_a_broken_connection_is_later() -> None:
    client = GraphClient("http://127.0.0.1:1/v1.0", LocalToken(), tries=1)
    with pytest.raises(Later, match="ConnectError"):
        await client.send("GET", "/users/delta", parse=False)
    await client.close()


@pytest.mark.parametrize(
    ("encoding", "packed"), [("gzip", gzip.compress(PAGE)), ("deflate", zlib.compress(PAGE))]
)
async def test_a_packed_page_is_unpacked(
    server: Scripted, client: GraphClient, encoding: str, packed: bytes
) -> None:
    server.say(packed, 200, **{"Content-Encoding": encoding})
    reply = await client.send("GET", "/users/delta", parse=False)
    assert json.loads(reply.body) == json.loads(PAGE)
    assert len(server.seen) == 1


@pytest.mark.parametrize("packed", [gzip.compress(PAGE)[:-4], b"no such thing", PAGE])
async def test_half_of_a_packed_page_is_later(
    server: Scripted, client: GraphClient, packed: bytes
) -> None:
    server.say(packed, 200, **{"Content-Encoding": "gzip"})
    with pytest.raises(Later, match="DecodingError"):
        await client.send("GET", "/users/delta", parse=False)
