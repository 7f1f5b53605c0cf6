"""What runs where: the programs of the local stack, their ports, folders and settings."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.errors import StackError
from local.ports import DEFAULT_PORTS, Ports
from local.process import Program

PROJECT = Path(__file__).resolve().parent.parent

# The key that Microsoft's own emulators publish for everyone; it opens nothing.
_EMULATOR_KEY = "SAS_KEY_VALUE"
_AZURITE = PROJECT / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"


@dataclass(frozen=True)
class Layout:
    """One local stack.

    `home` holds its logs and data, so stacks with different homes and ports live side by side.
    `persistent` lets tables and blobs survive a restart of Azurite. `settings` are added to the
    host's environment, last.
    """

    tenant: Path
    home: Path
    ports: Ports = DEFAULT_PORTS
    host: str = "local"
    persistent: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

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
        }


def programs(layout: Layout) -> tuple[Program, ...]:
    """Return the programs of a local stack.

    Raises:
        StackError: Node.js, Azurite or Core Tools is needed and not there.
    """
    return (_azurite(layout), _service_bus(layout), _graph(layout), _host(layout))


def _azurite(layout: Layout) -> Program:
    ports = layout.ports
    node = shutil.which("node")
    if node is None:
        raise StackError(
            "Node.js was not found on PATH (Azurite needs it): install it, then try again"
        )
    if not _AZURITE.exists():
        raise StackError("Azurite is not installed: run `make setup` first")
    command = [node, str(_AZURITE), "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    command += ["--blobPort", str(ports.blobs), "--queuePort", str(ports.queues)]
    command += ["--tablePort", str(ports.tables)]
    command += (
        ["--location", str(layout.azurite_data.resolve())]
        if layout.persistent
        else ["--inMemoryPersistence"]
    )
    # The three services come up in a fixed order, tables last.
    return Program(
        "azurite", tuple(command), "Table service is successfully listening", _inherited()
    )


def _service_bus(layout: Layout) -> Program:
    queues = PROJECT / "infra" / "servicebus.json"
    arguments = ["--config", str(queues), "--port", str(layout.ports.service_bus)]
    arguments += ["--data", str(layout.service_bus_data.resolve())]
    return _python(
        "servicebus", "simulators.servicebus", arguments, "Service Bus simulator ready on"
    )


def _graph(layout: Layout) -> Program:
    arguments = ["--port", str(layout.ports.graph), "--tenant", str(layout.tenant.resolve())]
    return _python("graph", "simulators.graph", arguments, "Graph simulator ready on")


def _host(layout: Layout) -> Program:
    environment = {
        **_sample_settings(),
        **_inherited(),
        **layout.host_settings(),
        **layout.settings,
    }
    port = str(layout.ports.host)
    if layout.host == "func":
        # Core Tools runs the worker with this interpreter instead of the first `python` on PATH.
        environment["languageWorkers__python__defaultExecutablePath"] = sys.executable
        ready = "Worker process started and initialized"
        return Program(
            "host", (_core_tools(), "start", "--port", port), ready, environment, PROJECT
        )
    command = (sys.executable, "-m", "local.host", "--app", str(PROJECT), "--port", port)
    return Program("host", command, "Functions host ready on", environment, PROJECT)


def _python(name: str, module: str, arguments: list[str], ready: str) -> Program:
    # A large tenant takes a while to load.
    return Program(
        name, (sys.executable, "-m", module, *arguments), ready, _inherited(), PROJECT, 120.0
    )


def _core_tools() -> str:
    func = shutil.which("func")
    if func is None:
        raise StackError(
            "HOST=func needs Azure Functions Core Tools, and there is no `func` on PATH: "
            "install it, or leave HOST out to use the local host"
        )
    return func


def _inherited() -> dict[str, str]:
    # Lines must reach the log as they are written; bytecode is kept for the next start.
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}


def _sample_settings() -> dict[str, str]:
    sample = json.loads((PROJECT / "local.settings.sample.json").read_text(encoding="utf-8"))
    values: dict[str, str] = sample["Values"]
    return values


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
