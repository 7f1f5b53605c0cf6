"""The promises of the Switches port."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import TableEntity
from azure.data.tables.aio import TableClient, TableServiceClient

from adapters.tables.switches import TableSwitches
from adapters.tables.table import Table
from domain.controls import ControlEvent, Controls, Pause, Protection, Switch
from domain.errors import Conflict
from domain.ports import Switches
from tests.contract.azurite import Azurite
from tests.contract.conftest import MEMORY_AND_AZURITE
from tests.fakes.switches import FakeSwitches

NOON = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)
ADA = "00000000-0000-4000-8000-000000000001"
BOB = "00000000-0000-4000-8000-000000000002"


@pytest.fixture(params=MEMORY_AND_AZURITE)
def switches(request: pytest.FixtureRequest) -> Switches:
    if request.param == "memory":
        return FakeSwitches()
    fresh = request.getfixturevalue("fresh")
    return TableSwitches(request.getfixturevalue("tables").table(fresh))


def event(switch: Switch, minute: int = 0, person: str = "", by: str = "Zoë") -> ControlEvent:
    return ControlEvent(switch, by, NOON + timedelta(minutes=minute), "„Umzug“ 😀", person)


def protection(of: ControlEvent) -> Protection:
    return Protection(of.person, of.by, of.at, of.reason)


async def test_nothing_is_paused_or_protected_before_the_first_use(switches: Switches) -> None:
    assert await switches.read() == Controls()
    assert await switches.history(10) == []


async def test_a_pause_stands_until_someone_resumes(switches: Switches) -> None:
    pause, resume = event(Switch.PAUSE), event(Switch.RESUME, 1, by="Bob")

    await switches.use(pause)
    assert await switches.read() == Controls(Pause("Zoë", NOON, "„Umzug“ 😀"))

    await switches.use(resume)
    assert await switches.read() == Controls()
    assert await switches.history(10) == [resume, pause]

    await switches.use(event(Switch.PAUSE, 2, by="Bob"))
    pausing = (await switches.read()).pause
    assert pausing is not None
    assert pausing.by == "Bob"


async def test_people_are_protected_each_on_their_own(switches: Switches) -> None:
    ada, bob = event(Switch.PROTECT, 0, ADA), event(Switch.PROTECT, 1, BOB, by="Bob")

    await switches.use(ada)
    await switches.use(bob)
    await switches.use(event(Switch.PAUSE, 2))
    controls = await switches.read()
    assert controls.protected == {ADA: protection(ada), BOB: protection(bob)}
    assert controls.pause is not None

    await switches.use(event(Switch.UNPROTECT, 3, ADA))
    assert (await switches.read()).protected == {BOB: protection(bob)}
    await switches.use(event(Switch.RESUME, 4))
    assert await switches.read() == Controls(None, {BOB: protection(bob)})


async def test_what_is_already_so_stays_and_joins_the_history(switches: Switches) -> None:
    first = [event(Switch.PAUSE, 0), event(Switch.PROTECT, 1, ADA)]
    again = [event(Switch.PAUSE, 2, by="Bob"), event(Switch.PROTECT, 3, ADA, by="Bob")]

    for one in first + again:
        await switches.use(one)

    controls = await switches.read()
    assert controls == Controls(Pause("Zoë", NOON, "„Umzug“ 😀"), {ADA: protection(first[1])})
    assert await switches.history(10) == [*reversed(first + again)]


async def test_ending_what_does_not_stand_changes_nothing(switches: Switches) -> None:
    await switches.use(event(Switch.RESUME))
    await switches.use(event(Switch.UNPROTECT, 1, ADA))
    assert await switches.read() == Controls()
    assert [one.switch for one in await switches.history(10)] == [Switch.UNPROTECT, Switch.RESUME]


async def test_the_same_event_used_again_is_one_event(switches: Switches) -> None:
    pause = event(Switch.PAUSE)
    await switches.use(pause)
    await switches.use(pause)
    await switches.use(replace(pause, by="Bob"))
    assert len(await switches.history(10)) == 2


async def test_the_newest_events_come_first_and_no_more_than_asked_for(switches: Switches) -> None:
    events = [event(Switch.PROTECT, minute, ADA) for minute in (3, 1, 4, 0, 2)]
    for one in events:
        await switches.use(one)
    newest = sorted(events, key=lambda one: one.at, reverse=True)
    assert await switches.history(3) == newest[:3]
    assert await switches.history(10) == newest


async def test_a_person_by_any_id_is_protected(switches: Switches) -> None:
    odd = event(Switch.PROTECT, 0, "a/b?c#d\\e")
    await switches.use(odd)
    assert (await switches.read()).protected == {odd.person: protection(odd)}


async def test_of_many_who_pause_at_once_one_stands_and_all_are_told_of(
    switches: Switches,
) -> None:
    events = [event(Switch.PAUSE, by=f"Person {n}") for n in range(6)]

    await asyncio.gather(*(switches.use(one) for one in events))

    pause = (await switches.read()).pause
    assert pause in [Pause(one.by, one.at, one.reason) for one in events]
    assert len(await switches.history(10)) == 6


async def test_many_who_pause_and_resume_at_once_leave_a_state_that_someone_chose(
    switches: Switches,
) -> None:
    kinds = [Switch.PAUSE, Switch.RESUME]
    events = [event(kinds[n % 2], by=f"Person {n}") for n in range(6)]

    answers = await asyncio.gather(*map(switches.use, events), return_exceptions=True)

    told = [one for one, answer in zip(events, answers, strict=True) if answer is None]
    assert all(answer is None or isinstance(answer, Conflict) for answer in answers)
    assert sorted(one.by for one in await switches.history(10)) == [one.by for one in told]
    pause = (await switches.read()).pause
    assert pause is None or pause.by in [one.by for one in told if one.switch is Switch.PAUSE]


class ReadingTable(Table):
    """A table that remembers the keys of what it reads."""

    def __init__(self, client: TableClient) -> None:
        super().__init__(client)
        self.read: list[str] = []

    async def scan(self, *args: Any, **options: Any) -> list[TableEntity]:
        found = await super().scan(*args, **options)
        self.read += [entity["RowKey"] for entity in found]
        return found


@pytest.fixture
async def reading_table(
    azurite: Azurite, key: AzureNamedKeyCredential, fresh: str
) -> AsyncIterator[ReadingTable]:
    async with TableServiceClient(azurite.tables, credential=key) as service:
        yield ReadingTable(service.get_table_client(fresh))


async def test_reading_the_controls_reads_no_events(reading_table: ReadingTable) -> None:
    switches = TableSwitches(reading_table)
    for minute in range(20):
        await switches.use(event([Switch.PAUSE, Switch.RESUME][minute % 2], minute))
    await switches.use(event(Switch.PROTECT, 30, ADA))
    await switches.use(event(Switch.PAUSE, 31))
    reading_table.read.clear()

    controls = await switches.read()

    assert controls.pause is not None
    assert list(controls.protected) == [ADA]
    assert len(reading_table.read) == 2
