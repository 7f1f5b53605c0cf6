"""Where the adapters meet: settings in, ports out; nothing is imported or connected before use.

The imports inside the functions are the point of this module: see adapters/lazily.py.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from adapters.clock import SystemClock
from adapters.lazily import lazily
from adapters.log import StandardLog, quiet
from adapters.settings import Settings
from domain.permissions import features_on
from domain.ports import (
    Bundles,
    Checks,
    Directory,
    Ledger,
    Notices,
    Plans,
    Ports,
    Queue,
    Runs,
    Shelves,
    Sources,
    Switches,
    Targets,
    Warehouse,
    Watches,
)

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from adapters.graph.client import GraphClient
    from adapters.graph.pace.pacer import Pacer
    from adapters.servicebus.connection import ServiceBus
    from adapters.tables.account import Tables
    from adapters.warehouse.blobs import BlobAccount

SNAPSHOTS, PLANS, SHELVES = "warehouse", "plans", "shelves"
"""Containers."""


@dataclass(frozen=True, kw_only=True)
class Connected(Ports):
    """The ports, and the way to close what stands behind them."""

    close: Callable[[], Awaitable[None]]


def connect(settings: Settings) -> Connected:
    """Return the ports of these settings."""
    quiet()
    connections = _Connections(settings)
    return Connected(
        directory=lazily(connections.directory),
        targets=lazily(connections.targets),
        warehouse=lazily(connections.warehouse),
        ledger=lazily(connections.ledger),
        bundles=lazily(connections.bundles),
        plans=lazily(connections.plans),
        runs=lazily(connections.runs),
        queue=lazily(connections.queue),
        watches=lazily(connections.watches),
        notices=lazily(connections.notices),
        switches=lazily(connections.switches),
        shelves=lazily(connections.shelves),
        sources=lazily(connections.sources),
        clock=SystemClock(),
        log=StandardLog(),
        mode=settings.mode,
        kinds=settings.kinds,
        checks=lazily(connections.checks),
        features=features_on(
            settings.kinds,
            writes=settings.mode == "live",
            watches=settings.public_url is not None,
        ),
        close=connections.close,
    )


class _Connections:
    """One connection to each service, made when the first port needs it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: list[Callable[[], Awaitable[None]]] = []

    def directory(self) -> Directory:
        from adapters.graph.directory import GraphDirectory

        return GraphDirectory(self._graph)

    def targets(self) -> Targets:
        from adapters.graph.targets import GraphTargets

        return GraphTargets(self._graph)

    def warehouse(self) -> Warehouse:
        from adapters.warehouse.warehouse import BlobWarehouse

        return BlobWarehouse(self._blobs.container(SNAPSHOTS), self._settings.retention)

    def ledger(self) -> Ledger:
        from adapters.tables.ledger import TableLedger

        return TableLedger(self._tables.table("ledger"))

    def bundles(self) -> Bundles:
        from adapters.tables.bundles import TableBundles

        return TableBundles(self._tables.table("bundles"))

    def plans(self) -> Plans:
        from adapters.tables.plans import TablePlans

        return TablePlans(self._tables.table("plans"), self._blobs.container(PLANS))

    def runs(self) -> Runs:
        from adapters.tables.runs import TableRuns

        return TableRuns(self._tables.table("runs"))

    def queue(self) -> Queue:
        from adapters.servicebus.queue import ServiceBusQueue

        names = self._settings.fulfillment_queue, self._settings.recompile_queue
        return ServiceBusQueue(self._bus, *names)

    def watches(self) -> Watches:
        from adapters.graph.subscriptions import GraphSubscriptions
        from adapters.tables.watch_records import WatchRecords
        from adapters.watches import NoSubscriptions, StoredWatches

        url = self._settings.public_url
        subscriptions = GraphSubscriptions(self._graph, url) if url else NoSubscriptions()
        records = WatchRecords(self._tables.table("watches"))
        return StoredWatches(records, subscriptions, self._settings.tenant or "")

    def notices(self) -> Notices:
        from adapters.tables.notices import TableNotices

        return TableNotices(self._tables.table("notices"))

    def switches(self) -> Switches:
        from adapters.tables.switches import TableSwitches

        return TableSwitches(self._tables.table("controls"))

    def shelves(self) -> Shelves:
        from adapters.shelves.shelves import BlobShelves

        return BlobShelves(self._blobs.container(SHELVES))

    def sources(self) -> Sources:
        from adapters.sources.reach import Reach
        from adapters.sources.sources import TenantSources

        return TenantSources(Reach(self._graph, catalog_url=self._settings.catalog_url))

    def checks(self) -> Checks:
        from adapters.checks import Around, FoundChecks

        return FoundChecks(
            Around(
                self._settings,
                token=lambda: self._token,
                graph=lambda: self._graph,
                blobs=lambda: self._blobs,
                tables=lambda: self._tables,
                bus=lambda: self._bus,
            )
        )

    async def close(self) -> None:
        """Close what was opened, the newest first; the ports are of no use after that."""
        while self._opened:
            await self._opened.pop()()

    @cached_property
    def _token(self) -> "AsyncTokenCredential":
        from adapters.credential import token_credential

        token = token_credential(self._settings)
        self._opened.append(token.close)
        return token

    @cached_property
    def _graph(self) -> "GraphClient":
        from adapters.graph.client import GraphClient

        client = GraphClient(
            self._settings.graph_endpoint,
            self._token,
            dry_run=self._settings.mode == "dry-run",
            pacer=self._pacer(),
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
    def _blobs(self) -> "BlobAccount":
        from adapters.credential import storage_credential
        from adapters.warehouse.blobs import BlobAccount

        credential = storage_credential(self._settings, lambda: self._token)
        account = BlobAccount(self._settings.blobs_url, credential)
        self._opened.append(account.close)
        return account

    @cached_property
    def _tables(self) -> "Tables":
        from adapters.tables.account import RETRIES

        return self._account(RETRIES)

    def _account(self, retries: int) -> "Tables":
        from adapters.credential import storage_credential
        from adapters.tables.account import Tables

        credential = storage_credential(self._settings, lambda: self._token)
        account = Tables(self._settings.tables_url, credential, retries)
        self._opened.append(account.close)
        return account

    @cached_property
    def _bus(self) -> "ServiceBus":
        from adapters.servicebus.connection import ServiceBus

        if self._settings.service_bus:
            bus = ServiceBus.of_connection_string(self._settings.service_bus)
        else:
            bus = ServiceBus.of_namespace(self._settings.service_bus_namespace or "", self._token)
        self._opened.append(bus.close)
        return bus
