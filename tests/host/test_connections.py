"""Service Bus connections are found by the name of a setting, as the extension finds them."""

import pytest

from local.host.bindings import QueueTrigger
from local.host.connections import Connections
from local.host.errors import HostError
from tests.host.broker import connection_string

NAMESPACE = "seatflow.servicebus.windows.net"
TRIGGER = QueueTrigger("work", "q", "Bus", False, False, False, None)


@pytest.mark.parametrize(
    "identity",
    [{}, {"Bus__credential": "managedidentity"}, {"Bus__clientId": "0b9f2f3c"}],
)
async def test_a_namespace_is_reached_with_an_identity(identity: dict[str, str]) -> None:
    settings = {"Bus__fullyQualifiedNamespace": NAMESPACE, **identity}

    async with Connections(settings) as connections:
        client = await connections.client(TRIGGER)

        assert client.fully_qualified_namespace == NAMESPACE


async def test_functions_of_one_connection_share_its_client() -> None:
    async with Connections({"Bus": connection_string("127.0.0.1:1")}) as connections:
        assert await connections.client(TRIGGER) is await connections.client(TRIGGER)


async def test_a_connection_string_that_is_none_is_refused_by_its_setting() -> None:
    async with Connections({"Bus": "secret=1"}) as connections:
        with pytest.raises(HostError, match="'work': the connection string in Bus is not one"):
            await connections.client(TRIGGER)


async def test_a_connection_without_a_setting_is_refused_by_its_name() -> None:
    async with Connections({}) as connections:
        with pytest.raises(HostError, match="neither Bus nor Bus__fullyQualifiedNamespace is set"):
            await connections.client(TRIGGER)
