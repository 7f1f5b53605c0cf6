"""Where the adapters meet: settings in, ports out; nothing is imported or connected before use.

The imports inside the functions are the point of this module: see adapters/lazily.py.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.clock import SystemClock
from adapters.connections import Connections
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

SNAPSHOTS, PLANS, SHELVES = "warehouse", "plans", "shelves"
"""Containers."""


@dataclass(frozen=True, kw_only=True)
class Connected(Ports):
    """The ports, and the way to close what stands behind them."""

    close: Callable[[], Awaitable[None]]


def connect(settings: Settings) -> Connected:
    """Return the ports of these settings."""
    quiet()
    connections = Connections(settings)
    ports = _Made(settings, connections)
    telemetry = lazily(lambda: connections.telemetry)
    reader = lazily(lambda: connections.reader) if settings.tells else None
    return Connected(
        directory=lazily(ports.directory),
        targets=lazily(ports.targets),
        warehouse=lazily(ports.warehouse),
        ledger=lazily(ports.ledger),
        bundles=lazily(ports.bundles),
        plans=lazily(ports.plans),
        runs=lazily(ports.runs),
        queue=lazily(ports.queue),
        watches=lazily(ports.watches),
        notices=lazily(ports.notices),
        switches=lazily(ports.switches),
        shelves=lazily(ports.shelves),
        sources=lazily(ports.sources),
        clock=SystemClock(),
        log=StandardLog(reader=reader),
        mode="dry-run" if settings.visiting else settings.mode,
        kinds=settings.kinds,
        checks=lazily(ports.checks),
        features=features_on(
            settings.kinds,
            writes=settings.mode == "live" and not settings.visiting,
            watches=settings.public_url is not None and not settings.visiting,
        ),
        telemetry=telemetry,
        close=connections.close,
    )


class _Made:
    """Each port on the connections that it needs, made when it is first used."""

    def __init__(self, settings: Settings, connections: Connections) -> None:
        self._settings = settings
        self._opened = connections

    def directory(self) -> Directory:
        from adapters.graph.directory import GraphDirectory

        return GraphDirectory(self._opened.graph)

    def targets(self) -> Targets:
        from adapters.graph.targets import GraphTargets

        return GraphTargets(self._opened.graph)

    def warehouse(self) -> Warehouse:
        from adapters.warehouse.warehouse import BlobWarehouse

        return BlobWarehouse(self._opened.blobs.container(SNAPSHOTS), self._settings.retention)

    def ledger(self) -> Ledger:
        from adapters.tables.ledger import TableLedger

        return TableLedger(self._opened.tables.table("ledger"))

    def bundles(self) -> Bundles:
        from adapters.tables.bundles import TableBundles

        return TableBundles(self._opened.tables.table("bundles"))

    def plans(self) -> Plans:
        from adapters.tables.plans import TablePlans

        return TablePlans(self._opened.tables.table("plans"), self._opened.blobs.container(PLANS))

    def runs(self) -> Runs:
        from adapters.tables.runs import TableRuns

        return TableRuns(self._opened.tables.table("runs"))

    def queue(self) -> Queue:
        from adapters.servicebus.queue import ServiceBusQueue

        names = self._settings.fulfillment_queue, self._settings.recompile_queue
        return ServiceBusQueue(self._opened.bus, *names)

    def watches(self) -> Watches:
        from adapters.graph.subscriptions import GraphSubscriptions
        from adapters.tables.watch_records import WatchRecords
        from adapters.watches import NoSubscriptions, StoredWatches

        url = self._settings.public_url
        subscriptions = GraphSubscriptions(self._opened.graph, url) if url else NoSubscriptions()
        records = WatchRecords(self._opened.tables.table("watches"))
        return StoredWatches(records, subscriptions, self._settings.tenant or "")

    def notices(self) -> Notices:
        from adapters.tables.notices import TableNotices

        return TableNotices(self._opened.tables.table("notices"))

    def switches(self) -> Switches:
        from adapters.tables.switches import TableSwitches

        return TableSwitches(self._opened.tables.table("controls"))

    def shelves(self) -> Shelves:
        from adapters.shelves.shelves import BlobShelves

        return BlobShelves(self._opened.blobs.container(SHELVES))

    def sources(self) -> Sources:
        from adapters.sources.reach import Reach
        from adapters.sources.sources import TenantSources

        return TenantSources(Reach(self._opened.graph, catalog_url=self._settings.catalog_url))

    def checks(self) -> Checks:
        from adapters.checks import Around, FoundChecks

        return FoundChecks(
            Around(
                self._settings,
                token=lambda: self._opened.token,
                graph=lambda: self._opened.graph,
                blobs=lambda: self._opened.blobs,
                tables=lambda: self._opened.tables,
                bus=lambda: self._opened.bus,
            )
        )
