"""What checks may reach: the settings, and the app's own connections, opened when first asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.settings import Settings

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from adapters.graph.client import GraphClient
    from adapters.servicebus.connection import ServiceBus
    from adapters.tables.account import Tables
    from adapters.warehouse.blobs import BlobAccount


@dataclass(frozen=True, slots=True)
class Around:
    """The app's surroundings."""

    settings: Settings
    token: "Callable[[], AsyncTokenCredential]"
    graph: "Callable[[], GraphClient]"
    blobs: "Callable[[], BlobAccount]"
    tables: "Callable[[], Tables]"
    bus: "Callable[[], ServiceBus]"
