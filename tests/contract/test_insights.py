"""What Application Insights would be sent, caught at an ingestion endpoint on this machine."""

import json

import pytest

from domain.telemetry.metrics import METRICS
from domain.telemetry.work import Work
from tests.contract.insights import Envelope, Sending, sent_of

ADA = "Ada Lovelace"
_PREFIX = "Microsoft.ApplicationInsights."


@pytest.fixture(scope="module")
def envelopes() -> list[Envelope]:
    return sent_of(_a_day)


async def _a_day(office: Sending) -> None:
    """Ada gets a license, and Ben waits for one."""
    await office.offer("e3", seats=1)
    await office.hire(ADA, "Sales")
    await office.hire("Ben Kingsley", "Sales")
    await office.run()
    await office.deliver_all()
    office.clock.advance(60)
    await office.jobs.confirm()
    await office.jobs.sweep()


def test_it_gets_work_lines_and_metrics_and_nothing_else(
    envelopes: list[Envelope],
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
    assert {"seatflow.changes", "seatflow.people", "seatflow.product.seats"} <= {
        data["metrics"][0]["name"] for data in measured
    }


def test_the_work_of_a_change_is_one_operation(envelopes: list[Envelope]) -> None:
    done = [each for each in envelopes if each["name"] == f"{_PREFIX}RemoteDependency"]
    operations: dict[str, set[str]] = {}
    for each in done:
        trace = each["tags"]["ai.operation.id"]
        operations.setdefault(trace, set()).add(each["data"]["baseData"]["name"])
    way = {Work.RECOMPILE, Work.RUN, Work.INVENTORY, Work.COMPILE, Work.PLAN, Work.FULFILL}
    assert {*way, Work.CLOSE} in operations.values()


def test_ids_are_properties_of_their_own(envelopes: list[Envelope]) -> None:
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


def test_nobody_is_named(envelopes: list[Envelope]) -> None:
    sent = json.dumps(envelopes)
    assert envelopes
    for name in (ADA, "Lovelace", "Kingsley", "@"):
        assert name not in sent
