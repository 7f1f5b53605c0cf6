"""One connection to each service, made when the first port needs it; `connect` has the ports.

The imports inside the functions are the point of this module: see adapters/lazily.py.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING

from adapters.settings import Settings
from domain.ports import Silence, Telemetry

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from adapters.graph.client import GraphClient
    from adapters.graph.dry_run import Gate
    from adapters.graph.pace.pacer import Pacer
    from adapters.servicebus.connection import ServiceBus
    from adapters.tables.account import Tables
    from adapters.telemetry.opentelemetry import OpenTelemetry
    from adapters.warehouse.blobs import BlobAccount


class Connections:
    """The token, and what it opens."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: list[Callable[[], Awaitable[None]]] = []

    async def close(self) -> None:
        """Close what was opened, the newest first; the ports are of no use after that."""
        while self._opened:
            await self._opened.pop()()

    @property
    def telemetry(self) -> Telemetry:
        """Where the settings say that telemetry goes, if anywhere."""
        return self.reader if self._settings.tells else Silence()

    @cached_property
    def reader(self) -> "OpenTelemetry":
        """The same, for log lines."""
        from adapters.telemetry.destinations import destinations
        from adapters.telemetry.opentelemetry import OpenTelemetry

        made = OpenTelemetry(destinations(self._settings))
        self._opened.append(lambda: asyncio.to_thread(made.close))
        return made

    @cached_property
    def token(self) -> "AsyncTokenCredential":
        """The app's identity."""
        from adapters.credential import token_credential

        token = token_credential(self._settings)
        self._opened.append(token.close)
        return token

    @cached_property
    def graph(self) -> "GraphClient":
        """Graph, within its quotas."""
        from adapters.graph.client import GraphClient

        client = GraphClient(
            self._settings.graph_endpoint,
            self.token,
            gate=_gate(self._settings),
            pacer=self._pacer(),
            telemetry=self.telemetry,
        )
        self._opened.append(client.close)
        return client

    def _pacer(self) -> "Pacer":
        from adapters.graph.pace.pacer import Pacer
        from adapters.graph.pace.quota import Quota
        from adapters.graph.pace.units import Units
        from adapters.tables.paces import TablePaces

        quota = Quota(self._settings.write_quota, self._settings.write_window)
        # A write must not wait for storage that is away: here a request is tried once.
        store = TablePaces(self._account(retries=0).table("pace"))
        return Pacer(quota, store, units=Units(self._settings.unit_quota))

    @cached_property
    def blobs(self) -> "BlobAccount":
        """Blob Storage."""
        from adapters.credential import storage_credential
        from adapters.warehouse.blobs import BlobAccount

        credential = storage_credential(self._settings, lambda: self.token)
        account = BlobAccount(self._settings.blobs_url, credential)
        self._opened.append(account.close)
        return account

    @cached_property
    def tables(self) -> "Tables":
        """Tables."""
        from adapters.tables.account import RETRIES

        return self._account(RETRIES)

    def _account(self, retries: int) -> "Tables":
        from adapters.credential import storage_credential
        from adapters.tables.account import Tables

        credential = storage_credential(self._settings, lambda: self.token)
        account = Tables(self._settings.tables_url, credential, retries)
        self._opened.append(account.close)
        return account

    @cached_property
    def bus(self) -> "ServiceBus":
        """Service Bus."""
        from adapters.servicebus.connection import ServiceBus

        if self._settings.service_bus:
            bus = ServiceBus.of_connection_string(self._settings.service_bus)
        else:
            bus = ServiceBus.of_namespace(self._settings.service_bus_namespace or "", self.token)
        self._opened.append(bus.close)
        return bus


def _gate(settings: Settings) -> "Gate | None":
    """Return what stands before the wire to Graph; a visit's gate no mode opens."""
    from adapters.graph.dry_run import refuse_all_writes, refuse_writes

    if settings.visiting:
        return refuse_all_writes
    return refuse_writes if settings.mode == "dry-run" else None
