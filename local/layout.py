"""What runs where: the ports, folders and settings of one local stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.ports import DEFAULT_PORTS, Ports

PROJECT = Path(__file__).resolve().parent.parent

# The key that Microsoft's own emulators publish for everyone; it opens nothing.
_EMULATOR_KEY = "SAS_KEY_VALUE"


@dataclass(frozen=True)
class Layout:
    """One local stack.

    `tenant` is what the Graph simulator is given; without one there is no simulator.
    `home` holds its logs and data, so stacks with different homes and ports live side by side.
    `persistent` lets tables and blobs survive a restart of Azurite. `settings` are added to the
    host's environment, last. `tenant_id` is whom change notifications must be about.
    """

    tenant: Path | None
    home: Path
    ports: Ports = DEFAULT_PORTS
    host: str = "local"
    persistent: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    tenant_id: str = ""

    @property
    def graph_url(self) -> str:
        """The Graph simulator, without an API version."""
        return f"http://127.0.0.1:{self.ports.graph}"

    @property
    def host_url(self) -> str:
        """The functions host."""
        return f"http://127.0.0.1:{self.ports.host}"

    @property
    def azurite_data(self) -> Path:
        """Where Azurite keeps tables and blobs when they are persistent."""
        return self.home / "azurite"

    @property
    def service_bus_data(self) -> Path:
        """Where the Service Bus simulator keeps its messages."""
        return self.home / "servicebus"

    @property
    def host_data(self) -> Path:
        """Where the functions host remembers when its timers ran last."""
        return self.home / "host"

    def host_settings(self) -> dict[str, str]:
        """Return the settings that point the functions app at this stack."""
        ports = self.ports
        return {
            "AzureWebJobsStorage": _storage_connection(ports),
            "CREDENTIAL": "local",
            "GRAPH_ENDPOINT": f"{self.graph_url}/v1.0",
            "PUBLIC_URL": self.host_url,
            "STORAGE_BLOBS_URL": f"http://127.0.0.1:{ports.blobs}/devstoreaccount1",
            "STORAGE_TABLES_URL": f"http://127.0.0.1:{ports.tables}/devstoreaccount1",
            "ServiceBus": f"Endpoint=sb://127.0.0.1:{ports.service_bus};"
            f"SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={_EMULATOR_KEY};"
            "UseDevelopmentEmulator=true;",
            **({"AZURE_TENANT_ID": self.tenant_id} if self.tenant_id else {}),
        }


def _storage_connection(ports: Ports) -> str:
    if ports.azurite == DEFAULT_PORTS.azurite:
        return "UseDevelopmentStorage=true"
    # The account and key of every Azurite (Microsoft Learn: "Use the Azurite emulator").
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    base = "http://127.0.0.1"
    return (
        f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={key};"
        f"BlobEndpoint={base}:{ports.blobs}/devstoreaccount1;"
        f"QueueEndpoint={base}:{ports.queues}/devstoreaccount1;"
        f"TableEndpoint={base}:{ports.tables}/devstoreaccount1;"
    )
