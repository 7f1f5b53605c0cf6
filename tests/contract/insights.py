"""An office that sends what it tells to Application Insights, or to who stands in for it here."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.log import StandardLog
from adapters.settings import Settings
from adapters.telemetry.destinations import destinations
from adapters.telemetry.opentelemetry import OpenTelemetry
from domain.jobs import Jobs
from infra.settings_page.hosts import QUIET
from simulators.telemetry.server import Receiver, receiver
from tests.unit.office import Office

type Envelope = dict[str, Any]


class Sending(Office):
    """An office that sends what it tells, with the exporter that does so in Azure."""

    def __init__(self, there: Receiver) -> None:
        super().__init__()
        settings = Settings.model_construct(insights=there.connection_string, credential="local")
        self.sending = OpenTelemetry(destinations(settings))
        log = StandardLog(reader=self.sending)
        self.ports = replace(self.ports, telemetry=self.sending, log=log)
        self.jobs = Jobs(self.ports)


def sent_of(day: Callable[[Sending], Awaitable[None]]) -> list[Envelope]:
    """Return everything that is sent of what happens in an office."""
    with pytest.MonkeyPatch.context() as patch:
        for name in QUIET:
            patch.setenv(name, "true")
        return asyncio.run(_sent_of(day))


async def _sent_of(day: Callable[[Sending], Awaitable[None]]) -> list[Envelope]:
    async with receiver() as there:
        office = Sending(there)
        await day(office)
        await asyncio.to_thread(office.sending.close)
        return there.received.envelopes
