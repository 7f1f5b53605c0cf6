"""Connect: every adapter, built from the settings. Nothing is reached before it is needed."""

from functools import cache

from adapters.clock import SystemClock
from adapters.credential import storage_credential, token_credential
from adapters.graph.client import GraphClient
from adapters.graph.directory import GraphDirectory
from adapters.graph.subscriptions import GraphSubscriptions
from adapters.graph.targets import GraphTargets
from adapters.log import StandardLog
from adapters.servicebus.connection import ServiceBus
from adapters.servicebus.queue import ServiceBusQueue
from adapters.settings import Settings
from adapters.tables.account import Tables
from adapters.tables.bundles import TableBundles
from adapters.tables.ledger import TableLedger
from adapters.tables.plans import TablePlans
from adapters.tables.runs import TableRuns
from adapters.tables.watch_records import WatchRecords
from adapters.warehouse.blobs import BlobAccount
from adapters.warehouse.warehouse import BlobWarehouse
from adapters.watches import NoSubscriptions, StoredWatches
from domain.ports import Ports


def connect(settings: Settings) -> Ports:
    """Return every port, connected as the settings say."""
    token = cache(lambda: token_credential(settings))
    tables = Tables(settings.tables_url, storage_credential(settings, token))
    blobs = BlobAccount(settings.blobs_url, storage_credential(settings, token))
    graph = GraphClient(settings.graph_endpoint, token())
    bus = (
        ServiceBus.of_connection_string(settings.service_bus)
        if settings.service_bus
        else ServiceBus.of_namespace(str(settings.service_bus_namespace), token())
    )
    subscriptions = (
        GraphSubscriptions(graph, settings.public_url) if settings.public_url else NoSubscriptions()
    )
    return Ports(
        directory=GraphDirectory(graph),
        targets=GraphTargets(graph),
        warehouse=BlobWarehouse(blobs.container("snapshots")),
        ledger=TableLedger(tables.table("ledger")),
        bundles=TableBundles(tables.table("bundles")),
        plans=TablePlans(tables.table("plans"), blobs.container("plans")),
        runs=TableRuns(tables.table("runs")),
        queue=ServiceBusQueue(bus, settings.fulfillment_queue, settings.recompile_queue),
        watches=StoredWatches(WatchRecords(tables.table("watches")), subscriptions),
        clock=SystemClock(),
        log=StandardLog(),
    )
