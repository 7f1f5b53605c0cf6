"""The Service Bus simulator in a process of its own, and a sender that uses the real SDK."""

import json
import socket
import time
import urllib.request
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from azure.servicebus import ServiceBusClient, ServiceBusMessage

from tests.host.processes import PATIENCE, Process


class RunningBroker(Process):
    """A namespace with the given queues (name to properties); messages survive it in `data`."""

    def __init__(self, folder: Path, queues: dict[str, Any], port: int = 0) -> None:
        config = folder / "queues.json"
        entries = [{"Name": name, "Properties": given} for name, given in queues.items()]
        namespace = {"Name": "test", "Queues": entries}
        config.write_text(json.dumps({"UserConfig": {"Namespaces": [namespace]}}))
        where = ("--config", str(config), "--data", str(folder / "data"), "--port", str(port))
        super().__init__("simulators.servicebus", *where)

    def ready(self) -> Self:
        line = self.wait_for("^Service Bus simulator ready on ")[0]
        self.address = line.split("amqp://")[1].split()[0]
        return self

    def send(self, queue: str, *messages: ServiceBusMessage) -> None:
        """Send the messages in one batch for each session."""
        with (
            ServiceBusClient.from_connection_string(connection_string(self.address)) as client,
            client.get_queue_sender(queue) as sender,
        ):
            for _, batch in groupby(messages, lambda message: message.session_id):
                sender.send_messages(list(batch))

    def counts(self, queue: str) -> dict[str, Any]:
        url = f"http://{self.address}/__sim/queues"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            counts: dict[str, Any] = json.load(answer)[queue]
            return counts

    def wait_until(self, queue: str, **expected: int) -> None:
        """Wait until the queue has these counts (active, locked, dead, ...)."""
        end = time.monotonic() + PATIENCE
        while (counts := self.counts(queue)) | expected != counts:
            assert time.monotonic() < end, f"{queue} has {counts}, expected {expected}"


def connection_string(address: str) -> str:
    key = "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE"
    return f"Endpoint=sb://{address};{key};UseDevelopmentEmulator=true"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def texts(bodies: Sequence[str], session: str | None = None) -> list[ServiceBusMessage]:
    """Messages with these bodies, their message ids the same."""
    return [ServiceBusMessage(body, session_id=session, message_id=body) for body in bodies]
