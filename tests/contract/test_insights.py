"""What Application Insights would be sent, caught at an ingestion endpoint on this machine."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.log import StandardLog
from adapters.settings import Settings
from adapters.telemetry.destinations import destinations
from adapters.telemetry.opentelemetry import OpenTelemetry
from domain.jobs import Jobs
from domain.telemetry.metrics import METRICS
from domain.telemetry.work import Work
from infra.settings_page.hosts import QUIET
from simulators.telemetry.server import Receiver, receiver
from tests.unit.office import Office

ADA = "Ada Lovelace"
_PREFIX = "Microsoft.ApplicationInsights."


class Sending(Office):
    """An office that sends what it tells, with the exporter that does so in Azure."""

    def __init__(self, there: Receiver) -> None:
        super().__init__()
        settings = Settings.model_construct(insights=there.connection_string, credential="local")
        self.sending = OpenTelemetry(destinations(settings))
        log = StandardLog(reader=self.sending)
        self.ports = replace(self.ports, telemetry=self.sending, log=log)
        self.jobs = Jobs(self.ports)


@pytest.fixture(scope="module")
def envelopes() -> Iterator[list[dict[str, Any]]]:
    """Return what is sent of a day on which Ada gets a license, and Ben waits for one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in QUIET:
            patch.setenv(name, "true")
        yield asyncio.run(_a_day())


async def _a_day() -> list[dict[str, Any]]:
    async with receiver() as there:
        office = Sending(there)
        await office.offer("e3", seats=1)
        await office.hire(ADA, "Sales")
        await office.hire("Ben Kingsley", "Sales")
        await office.run()
        await office.deliver_all()
        office.clock.advance(60)
        await office.jobs.confirm()
        await office.jobs.sweep()
        await asyncio.to_thread(office.sending.close)
        return there.received.envelopes


def test_it_gets_work_lines_and_metrics_and_nothing_else(
    envelopes: list[dict[str, Any]],
) -> None:
    assert {each["name"] for each in envelopes} == {
        f"{_PREFIX}{kind}" for kind in ("RemoteDependency", "Message", "Metric")
    }
    assert {each["tags"]["ai.cloud.role"] for each in envelopes} == {"seatflow"}

    known = {metric.name: set(metric.dimensions) for metric in METRICS}
    measured = [each["data"]["baseData"] for each in envelopes if "Metric" in each["name"]]
    for data in measured:
        (value,) = data["metrics"]
        assert set(data["properties"]) == known[value["name"]]
    assert {"seatflow.changes", "seatflow.work.duration"} <= {
        data["metrics"][0]["name"] for data in measured
    }


def test_the_work_of_a_change_is_one_operation(envelopes: list[dict[str, Any]]) -> None:
    done = [each for each in envelopes if each["name"] == f"{_PREFIX}RemoteDependency"]
    operations: dict[str, set[str]] = {}
    for each in done:
        trace = each["tags"]["ai.operation.id"]
        operations.setdefault(trace, set()).add(each["data"]["baseData"]["name"])
    way = {Work.RECOMPILE, Work.RUN, Work.INVENTORY, Work.COMPILE, Work.PLAN, Work.FULFILL}
    assert {*way, Work.CLOSE} in operations.values()


def test_ids_are_properties_of_their_own(envelopes: list[dict[str, Any]]) -> None:
    lines = [
        each["data"]["baseData"]["properties"]
        for each in envelopes
        if each["name"] == f"{_PREFIX}Message"
    ]
    (ended,) = [line for line in lines if line["event"] == "change.ended"]
    assert (ended["bundle"], ended["state"]) == ("e3", "confirmed")
    assert ended["person"]
    assert ended["plan"]
    assert ended["run"] == "run-1"


def test_nobody_is_named(envelopes: list[dict[str, Any]]) -> None:
    sent = json.dumps(envelopes)
    assert envelopes
    for name in (ADA, "Lovelace", "Kingsley", "@"):
        assert name not in sent
