"""Service Bus clients by the name of a connection setting, as the Functions extension resolves it.

`NAME` holds a connection string, or `NAME__fullyQualifiedNamespace` a namespace reached with an
identity (`NAME__credential=managedidentity` and `NAME__clientId` say which; otherwise the default
credential).
"""

import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, Self

import certifi
from azure.servicebus.aio import ServiceBusClient

from local.host.bindings import QueueTrigger
from local.host.errors import HostError


class Connections:
    """One client per connection setting, shared by all functions that name it; closed together."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._clients: dict[str, ServiceBusClient] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def client(self, trigger: QueueTrigger) -> ServiceBusClient:
        """Return the client of the trigger's connection; HostError if its setting is missing."""
        name = trigger.connection
        if name not in self._clients:
            client = await self._client(trigger)
            self._clients[name] = await self._open.enter_async_context(client)
        return self._clients[name]

    async def _client(self, trigger: QueueTrigger) -> ServiceBusClient:
        name = trigger.connection
        # The listener reconnects on its own terms; the SDK's retries would only delay it. Without a
        # TLS context the SDK makes one for each receiver, TLS or not, at 80 ms each.
        if text := self._settings.get(name):
            known: dict[str, Any] = {"retry_total": 0, "ssl_context": _tls(text)}
            try:
                return ServiceBusClient.from_connection_string(text, **known)
            except ValueError as wrong:
                where = f"Function {trigger.function!r}: the connection string in {name}"
                raise HostError(f"{where} is not one: {wrong}") from None
        if namespace := self._settings.get(f"{name}__fullyQualifiedNamespace"):
            credential = await self._open.enter_async_context(self._credential(name))
            return ServiceBusClient(namespace, credential, retry_total=0, ssl_context=_tls())
        either = f"neither {name} nor {name}__fullyQualifiedNamespace is set"
        raise HostError(f"Function {trigger.function!r}, property connection: {either}.")

    def _credential(self, name: str) -> Any:
        # Imported here because it costs a third of a second, and a local stack uses connection
        # strings.
        from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential

        client_id = self._settings.get(f"{name}__clientId")
        if self._settings.get(f"{name}__credential", "").lower() == "managedidentity":
            return ManagedIdentityCredential(client_id=client_id)
        return DefaultAzureCredential(managed_identity_client_id=client_id)


def _tls(text: str = "") -> ssl.SSLContext:
    if "usedevelopmentemulator=true" in text.lower():
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # The emulator speaks without TLS.
    return ssl.create_default_context(cafile=certifi.where())
