"""A run goes on where the one before it stopped, unless only a full read is true."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.errors import Later, Resync
from domain.inventory.group import Group
from domain.jobs.inventory import take_inventory
from domain.jobs.rounds import OFTEN, Rounds
from domain.ports import GroupChange, GroupsPage, PeoplePage, Reading, Tokens
from tests.fakes.clock import FakeClock
from tests.fakes.directory import FakeDirectory
from tests.fakes.warehouse import FakeDraft, Kept
from tests.unit.office import Office


class Asked(FakeDirectory):
    """Notes from where each round was asked for."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.tenant)
        self.asked: dict[str, list[str | None]] = {"people": [], "groups": []}

    def people(
        self, token: str | None, also: frozenset[str] = frozenset()
    ) -> AsyncGenerator[PeoplePage]:
        self.asked["people"].append(token)
        return super().people(token, also)

    def groups(self, token: str | None) -> AsyncGenerator[GroupsPage]:
        self.asked["groups"].append(token)
        return super().groups(token)


class Ticking(FakeClock):
    """A second goes by with each look."""

    def now(self) -> datetime:
        return self.advance(1)


async def office_of(people: int) -> Office:
    office = Office()
    office.tenant.page_size = 1
    for number in range(people):
        await office.hire(f"P{number}", "Sales", office.tenant.add_group(f"G{number}"))
    return office


async def test_both_rounds_go_on_where_they_stopped() -> None:
    office = await office_of(9)
    clock = Ticking()
    until = FakeClock().now() + timedelta(seconds=8)
    assert await take_inventory(replace(office.ports, clock=clock), until) is None
    found = await office.warehouse.unfinished()
    assert found
    assert found.at.people
    assert found.at.groups

    directory = Asked(office)
    assert await take_inventory(replace(office.ports, directory=directory))

    assert directory.asked == {"people": [found.at.people], "groups": [found.at.groups]}
    latest = await office.warehouse.latest()
    assert latest
    assert (len(latest.people), len(latest.groups)) == (9, 9)
    assert await office.warehouse.unfinished() is None


async def test_nothing_read_before_is_left_where_only_a_full_read_is_true() -> None:
    office = await office_of(3)
    draft, _ = await office.warehouse.begin(anew=True)
    await draft.add_groups(GroupsPage((GroupChange(Group("never", "There no more")),)))
    at = Tokens(groups=f"{office.tenant.tokens_of}:0")
    await draft.pause(Reading(office.clock.now(), Tokens(), at))
    office.directory.fail_next("people", error=Resync("Graph begins anew."))

    assert await take_inventory(office.ports)

    latest = await office.warehouse.latest()
    assert latest
    assert latest.groups.keys() == office.tenant.groups.keys()


class Slow(FakeDraft):
    """Takes its time to keep what was read."""

    begun: asyncio.Event

    async def pause(self, reading: Reading) -> None:
        self.begun.set()
        for _ in range(20):
            await asyncio.sleep(0)
        await super().pause(reading)


class Failing(Asked):
    """Fails to read groups as soon as something is being kept."""

    begun: asyncio.Event

    async def groups(self, token: str | None) -> AsyncGenerator[GroupsPage]:
        await self.begun.wait()
        for page in [GroupsPage(), None]:
            if page is None:
                raise Later("Graph is away.")
            yield page


async def test_what_is_being_kept_is_kept_whole_where_the_other_round_fails() -> None:
    office = await office_of(OFTEN + 1)
    _, tokens = await office.warehouse.begin()
    draft, directory = Slow(office.warehouse, Kept(), 0), Failing(office)
    draft.begun = directory.begun = asyncio.Event()
    ports = replace(office.ports, directory=directory)
    rounds = Rounds(ports, draft, tokens, office.clock.now(), None)

    with pytest.raises(Later, match="away"):
        await rounds.read()

    found = await office.warehouse.unfinished()
    assert found
    assert found.pages == OFTEN


class Waiting(FakeDraft):
    """Keeps what was read only once something more has been read."""

    more: asyncio.Event
    fails: bool = False

    async def add_people(self, page: PeoplePage) -> None:
        await super().add_people(page)
        if page.token:
            self.more.set()

    async def pause(self, reading: Reading) -> None:
        await self.more.wait()
        if self.fails:
            raise Later("The storage is away.")
        await super().pause(reading)


async def waiting(*, fails: bool = False) -> tuple[Office, Rounds]:
    office = await office_of(OFTEN + 1)
    draft = Waiting(office.warehouse, Kept(), 0)
    draft.more, draft.fails = asyncio.Event(), fails
    return office, Rounds(office.ports, draft, Tokens(), office.clock.now(), None)


async def test_reading_goes_on_while_what_was_read_is_being_kept() -> None:
    office, rounds = await waiting()
    await rounds.read()
    found = await office.warehouse.unfinished()
    assert found
    assert found.pages == 2 * OFTEN


async def test_what_could_not_be_kept_is_no_snapshot() -> None:
    _, rounds = await waiting(fails=True)
    with pytest.raises(Later, match="storage"):
        await rounds.read()
    await rounds.pause(worth=1)  # nor is it tried again
