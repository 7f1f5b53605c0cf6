"""Every alert and panel, run on what the app sends: quiet on a good day, and told on a bad one."""

import re

import pytest

from adapters.graph.measured import measure
from adapters.graph.reply import Reply
from domain.errors import Forbidden, Never
from domain.ports import DeadLetter
from tests.contract.insights import Sending, sent_of
from tests.repository.bicep import INFRA, module
from tests.repository.kusto import Insights
from tests.unit.webhooks import body, group, item, person, tell

ALERTS = {file.stem: file.read_text() for file in sorted(INFRA.glob("alerts/*.kql"))}
PANELS = {file.stem: file.read_text() for file in sorted(INFRA.glob("panels/*.kql"))}
MODULE = module("alerts").read_text()

SILENT = {"stale_inventory"}
"""Told when nothing is found."""


async def _good(office: Sending) -> None:
    """Everyone gets what she is entitled to, and notifications tell of everything."""
    e3 = await office.offer("e3", seats=100)
    for number in range(30):
        await office.hire(f"Somebody {number}", "Sales")
    await _settled(office)
    await office.jobs.renew_watches()
    ada = await office.hire("Ada", "Sales")
    await tell(office, person(ada))
    await tell(office, group(e3.target.group, ada))
    office.clock.advance(60)
    await office.jobs.confirm()
    for _ in range(200):
        measure(office.sending, Reply(200, {"x-ms-resource-unit": "2"}))
    await office.jobs.sweep()


async def _bad(office: Sending) -> None:
    """Whatever can go wrong does, and nobody looks after anything for a month."""
    await office.jobs.renew_watches()
    e3 = await office.offer("e3", seats=20)
    for number in range(15):
        await office.hire(f"Somebody {number}", "Sales")
    office.targets.fail_next("carry_out", error=Never("Graph will not have it.", "Nobody knows."))
    await office.run()
    await office.deliver_all()
    await _settled(office)
    stranger = await office.hire("Zoe", "Legal")
    office.tenant.join(e3.target.group, stranger)
    for number in range(25):
        await office.hire(f"Newcomer {number}", "Sales")
    await _settled(office)
    await office.jobs.notified(
        body(*[item(office, person(stranger), clientState="guessed")] * 150), "call-1"
    )
    letter = DeadLetter("fulfillment", "m-1", "{}", "MaxDeliveryCountExceeded")
    office.queue.dead.append(letter)
    await office.jobs.bury_dead_letters()
    for _ in range(120):
        measure(office.sending, Reply(429, {"x-ms-throttle-limit-percentage": "1.2"}))
    office.directory.fail_next("products", error=Forbidden("No permission.", "Grant it."))
    await office.run()
    await office.jobs.pause("tests", "An emergency.")
    office.tenant.move(min(office.members(e3)), department="Legal")
    await office.run()
    office.clock.advance(25 * 24 * 3600)
    await office.jobs.sweep()


async def _settled(office: Sending) -> None:
    """Inventory, compile, deliver and confirm, until what was found twice is judged."""
    for _ in range(3):
        office.clock.advance(400)
        await office.run()
        await office.deliver_all()
        await office.jobs.confirm()


@pytest.fixture(scope="module")
def good() -> Insights:
    return Insights(sent_of(_good), [("fulfill", True)] * 50 + [("fulfill", False)])


@pytest.fixture(scope="module")
def bad() -> Insights:
    return Insights(sent_of(_bad), [("fulfill", True)] * 50 + [("compile", False)] * 20)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_is_told_on_a_bad_day_and_not_on_a_good_one(
    name: str, good: Insights, bad: Insights
) -> None:
    quiet, told = good.ask(ALERTS[name]), bad.ask(ALERTS[name])
    if name in SILENT:
        quiet, told = told, quiet
    assert quiet == []
    assert told
    assert all(value not in (None, "") for row in told for value in row.values())


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_shows_something_and_every_cell_of_it(
    name: str, good: Insights, bad: Insights
) -> None:
    found = [*good.ask(PANELS[name]), *bad.ask(PANELS[name])]
    assert found
    assert all(value not in (None, "") for row in found for value in row.values())


def test_rows_are_what_tells_an_alert_and_their_absence_what_is_silence() -> None:
    rules = re.findall(
        r"alerts/(\w+)\.kql'\)\n    window: '(\w+)'\n    operator: '(\w+)'\n    threshold: (\d)\n",
        MODULE,
    )
    assert {name for name, *_ in rules} == set(ALERTS)
    for name, _, operator, threshold in rules:
        expected = ("LessThan", "1") if name in SILENT else ("GreaterThan", "0")
        assert (operator, threshold) == expected, name


def test_every_query_is_used() -> None:
    text = MODULE + module("workbook").read_text()
    used = set(re.findall(r"loadTextContent\('\.\./(\S+)\.kql'\)", text))
    assert used == {f"alerts/{name}" for name in ALERTS} | {f"panels/{name}" for name in PANELS}


def test_every_alert_says_what_to_do() -> None:
    docs = (INFRA.parent / "docs/troubleshooting.md").read_text()
    for name in ALERTS:
        assert f"\n| {name.replace('_', ' ')} |" in docs, name
