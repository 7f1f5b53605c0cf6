"""The programs of the local stack: how each is started, and how it says that it is ready."""

import json
import os
import shutil
import sys
from pathlib import Path

from local.errors import StackError
from local.layout import PROJECT, Layout
from local.process import Program

_AZURITE = PROJECT / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
# The later file wins: the sample is complete, the other is somebody's own and may be absent.
_SETTINGS = ("local.settings.sample.json", "local.settings.json")
# A million people take minutes to load.
_PATIENCE_S = 300.0


def programs(layout: Layout) -> tuple[Program, ...]:
    """Return the programs of a local stack.

    Raises:
        StackError: Node.js, Azurite or Core Tools is needed and not there.
    """
    graph = () if layout.tenant is None else (_graph(layout, layout.tenant),)
    return (_azurite(layout), _service_bus(layout), *graph, _host(layout))


def _azurite(layout: Layout) -> Program:
    node = shutil.which("node")
    if node is None:
        raise StackError(
            "Node.js was not found on PATH (Azurite needs it): install it, then try again"
        )
    if not _AZURITE.exists():
        raise StackError("Azurite is not installed: run `make setup` first")
    ports = layout.ports
    command = [node, str(_AZURITE), "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    command += ["--blobPort", str(ports.blobs), "--queuePort", str(ports.queues)]
    command += ["--tablePort", str(ports.tables)]
    if layout.persistent:
        command += ["--location", str(layout.azurite_data.resolve())]
    else:
        command += ["--inMemoryPersistence"]
    # The three services come up in a fixed order, tables last.
    ready = "Table service is successfully listening"
    environment = _inherited()
    if key := layout.settings.get("STORAGE_KEY"):
        environment["AZURITE_ACCOUNTS"] = f"devstoreaccount1:{key}"
    return Program("azurite", tuple(command), ready, environment)


def _service_bus(layout: Layout) -> Program:
    queues = PROJECT / "infra" / "servicebus.json"
    port = str(layout.ports.service_bus)
    data = str(layout.service_bus_data.resolve())
    command = _python("simulators.servicebus", "--config", str(queues), "--port", port)
    command += ("--data", data)
    return Program(
        "servicebus", command, "Service Bus simulator ready on", _inherited(), PROJECT, _PATIENCE_S
    )


def _graph(layout: Layout, tenant: Path) -> Program:
    port = str(layout.ports.graph)
    command = _python("simulators.graph", "--port", port, "--tenant", str(tenant.resolve()))
    return Program("graph", command, "Graph simulator ready on", _inherited(), PROJECT, _PATIENCE_S)


def _host(layout: Layout) -> Program:
    environment = {**_written_settings(), **_inherited()}
    environment |= {**layout.host_settings(), **layout.settings}
    port = str(layout.ports.host)
    if layout.host == "func":
        # Core Tools runs the worker with this interpreter instead of the first `python` on PATH.
        environment["languageWorkers__python__defaultExecutablePath"] = sys.executable
        command: tuple[str, ...] = (_core_tools(), "start", "--port", port)
        ready = "Worker process started and initialized"
    else:
        status = str(layout.host_data.resolve() / "timers.json")
        command = _python("local.host", "--app", str(PROJECT), "--port", port)
        command += ("--timer-status", status)
        if layout.settings.get("HOST_KEY"):
            command += ("--enable-auth",)
        ready = "Functions host ready on"
    return Program("host", command, ready, environment, PROJECT, _PATIENCE_S)


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


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


def _written_settings() -> dict[str, str]:
    values: dict[str, str] = {}
    for file in (PROJECT / name for name in _SETTINGS):
        if file.exists():
            values |= _values(file)
    return values


def _values(file: Path) -> dict[str, str]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))["Values"]
        return {str(name): str(value) for name, value in values.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StackError(f'{file.name} must be a JSON object with an object "Values"') from None
