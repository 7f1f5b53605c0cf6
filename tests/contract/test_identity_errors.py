"""An identity that cannot be asked is no verdict, whichever SDK asks it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.identity import CredentialUnavailableError
from azure.identity.aio import ManagedIdentityCredential
from azure.servicebus.exceptions import ServiceBusAuthenticationError, ServiceBusError

from adapters.graph.client import GraphClient
from adapters.identity_errors import AWAY, outage_of, refusal_in
from adapters.servicebus.errors import SENDER, what_to_do
from adapters.tables.account import Tables
from adapters.tables.table import Write
from adapters.warehouse.blobs import BlobAccount
from domain.errors import Forbidden, Later, Never
from tests.contract.azurite import free_port
from tests.contract.test_storage_errors import Response
from tests.unit.adapters_graph.scripted import Scripted, scripted

OUTAGES = [404, 408, 410, 429, 500, 501, 502, 503, 504]
VERDICTS = [400, 401, 403]

NOWHERE = "https://127.0.0.1:1"
"""The token is asked for first, so nothing ever gets here."""


async def graph(credential: AsyncTokenCredential) -> None:
    client = GraphClient(f"{NOWHERE}/v1.0", credential)
    try:
        await client.send("GET", "/users")
    finally:
        await client.close()


async def blobs(credential: AsyncTokenCredential) -> None:
    account = BlobAccount(NOWHERE, credential, retries=0)
    try:
        await account.container("warehouse").read("latest.json")
    finally:
        await account.close()


async def tables(credential: AsyncTokenCredential) -> None:
    account = Tables(NOWHERE, credential, retries=0)
    try:
        await account.table("ledger").get("e5", "h")
    finally:
        await account.close()


async def table_writes(credential: AsyncTokenCredential) -> None:
    account = Tables(NOWHERE, credential, retries=0)
    try:
        await account.table("ledger").write("e5", [Write("put", "h", {})])
    finally:
        await account.close()


async def service_bus(credential: AsyncTokenCredential) -> None:
    try:
        await credential.get_token("https://servicebus.azure.net/.default")
    except AzureError as error:
        # So the SDK hands on what its credential raises.
        wrapped = ServiceBusError(f"Handler failed: {error}.", error=error)
        meaning = what_to_do(wrapped, "fulfillment", SENDER)
        assert meaning
        raise meaning from error


ASKERS = [graph, blobs, tables, table_writes, service_bus]
type Asker = Callable[[AsyncTokenCredential], Awaitable[None]]


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scripted]:
    """A managed identity endpoint like that of App Service."""
    async with scripted() as server:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{server.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        yield server


@pytest.fixture
async def credential(endpoint: Scripted) -> AsyncIterator[ManagedIdentityCredential]:
    async with ManagedIdentityCredential(retry_total=0) as opened:
        yield opened


@pytest.mark.parametrize("ask", ASKERS)
@pytest.mark.parametrize("body", [{"statusCode": 0, "message": "Sorry."}, "<html>Sorry</html>"])
@pytest.mark.parametrize("status", OUTAGES)
async def test_an_endpoint_that_is_out_of_order_is_asked_later(
    endpoint: Scripted,
    credential: ManagedIdentityCredential,
    ask: Asker,
    status: int,
    body: object,
) -> None:
    endpoint.say(body, status)
    with pytest.raises(Later) as error:
        await ask(credential)
    assert type(error.value) is Later
    assert error.value.after == AWAY


@pytest.mark.parametrize("ask", ASKERS)
@pytest.mark.parametrize("status", VERDICTS)
async def test_an_endpoint_that_refuses_is_believed(
    endpoint: Scripted, credential: ManagedIdentityCredential, ask: Asker, status: int
) -> None:
    endpoint.say({"statusCode": status, "message": "No such identity."}, status)
    with pytest.raises(Never):
        await ask(credential)


@pytest.mark.parametrize("ask", ASKERS)
async def test_an_endpoint_that_is_away_is_asked_later(
    monkeypatch: pytest.MonkeyPatch, ask: Asker
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{free_port()}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    async with ManagedIdentityCredential(retry_total=0) as credential:
        with pytest.raises(Later) as error:
            await ask(credential)
    assert error.value.after > 0


@pytest.mark.parametrize(
    "error",
    [
        ClientAuthenticationError("No credential in this chain provided a token."),
        CredentialUnavailableError("No response from the IMDS endpoint."),
        CredentialUnavailableError("Unexpected content type.", Response(403, {})),
        *(ClientAuthenticationError("Odd.", Response(status, {})) for status in OUTAGES),
    ],
    ids=repr,
)
def test_an_outage_is_known_alone_and_inside_of_other_errors(error: AzureError) -> None:
    caused = HttpResponseError("Decoded.")
    caused.__cause__ = error
    for each in (error, caused, ServiceBusError("Handler failed.", error=error)):
        refusal = refusal_in(each)
        assert refusal
        outage = outage_of(refusal)
        assert outage
        assert outage.after == AWAY
        assert str(error.message) in str(outage)


@pytest.mark.parametrize("status", VERDICTS)
def test_an_answer_that_refuses_is_no_outage(status: int) -> None:
    refused = ClientAuthenticationError("Refused.", Response(status, {}))
    assert outage_of(refused) is None
    assert refusal_in(ServiceBusAuthenticationError(message="Refused.")) is None
    wrapped = ServiceBusError("Handler failed.", error=refused)
    assert isinstance(what_to_do(wrapped, "q", SENDER), Forbidden)
