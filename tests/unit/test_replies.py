"""Rules on automatic replies: met as they were read, and held where nobody knows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bundle import Bundle
from domain.kinds import KINDS
from domain.kinds.out_of_office import OutOfOffice
from domain.records import RunState
from tests.unit.office import Office

REPLIES = KINDS["out_of_office"]
AWAY = {
    "rule": 'person.OofStatus -eq "alwaysEnabled" -or person.OofEndDate -ge system.now -plus P1D'
}


class Absence:
    """Ada is out of office, Ben until some day; Cleo is not, and Dan has no mailbox."""

    def __init__(self) -> None:
        self.office = Office()

    async def begin(self) -> None:
        office = self.office
        self.e3 = await office.offer("e3", policy=AWAY)
        self.ada, self.ben, self.cleo, _ = [
            await office.hire(name, "Sales") for name in ("Ada", "Ben", "Cleo", "Dan")
        ]
        back = office.clock.now() + timedelta(days=3)
        self.replies = [
            OutOfOffice(self.ada, "alwaysEnabled", "all", None, None, "Gone", None),
            OutOfOffice(self.ben, "scheduled", "all", office.clock.now(), back, "Back", None),
            OutOfOffice(self.cleo, "disabled", None, None, None, None, None),
        ]
        office.sources.give(REPLIES, self.replies)

    async def held(self) -> str:
        assert (await self.office.run()).state is RunState.DONE
        (found,) = (await self.office.jobs.status()).bundles
        return found.reason or ""


@pytest.fixture
async def absence() -> Absence:
    absence = Absence()
    await absence.begin()
    return absence


async def test_a_rule_is_met_as_replies_were_read(absence: Absence) -> None:
    office = absence.office
    await office.jobs.shelve("out_of_office")
    await office.settle()
    assert office.members(absence.e3) == {absence.ada, absence.ben}
    told = await office.jobs.explain(absence.ben)
    assert told
    assert told.bundles[0].entitled


async def test_from_a_close_look_too(absence: Absence) -> None:
    office = absence.office
    office.sources.give(REPLIES, [])
    await office.jobs.shelve("out_of_office")
    await office.settle()
    assert office.members(absence.e3) == frozenset()
    office.clock.advance(timedelta(hours=12).total_seconds())
    office.sources.give(REPLIES, absence.replies)
    await office.jobs.shelve("out_of_office")
    await office.hint(absence.ada, absence.cleo)
    assert office.members(absence.e3) == {absence.ada}


async def test_where_nothing_was_read_the_bundle_is_held(absence: Absence) -> None:
    assert "INVENTORY_OUT_OF_OFFICE=on" in await absence.held()
    assert absence.office.members(absence.e3) == frozenset()


async def test_what_was_read_long_ago_takes_nothing_from_anybody(absence: Absence) -> None:
    office = absence.office
    await office.jobs.shelve("out_of_office")
    await office.settle()
    office.clock.advance(timedelta(days=2, seconds=1).total_seconds())
    assert "not within two days" in await absence.held()
    await office.deliver_all()
    assert office.members(absence.e3) == {absence.ada, absence.ben}


async def test_what_is_switched_off_is_unknown_again(absence: Absence) -> None:
    office = absence.office
    await office.jobs.shelve("out_of_office")
    on = replace(office.ports, kinds=frozenset({"owners"}))
    office.jobs = type(office.jobs)(on)
    assert "INVENTORY_OUT_OF_OFFICE=on" in await absence.held()


async def test_nobody_asks_graph_for_them_as_for_properties(absence: Absence) -> None:
    await absence.office.run()
    latest = await absence.office.warehouse.latest()
    assert latest
    assert not any(name.startswith("outOfOffice") for name in latest.people.columns)


async def offer(office: Office, name: str, rule: str, **more: object) -> Bundle:
    return await office.offer(name, policy={"rule": rule, **more})


PRESENT = 'user.department -eq "Sales" -and person.OofStatus -ne "alwaysEnabled"'


async def read_again(absence: Absence, *without: str) -> None:
    """Read the replies again; some mailboxes answer as if they were not there."""
    office = absence.office
    office.clock.advance(timedelta(hours=12).total_seconds())
    office.sources.give(REPLIES, [one for one in absence.replies if one.person not in without])
    await office.jobs.shelve("out_of_office")


async def test_whose_mailbox_is_not_found_keeps_what_she_has(absence: Absence) -> None:
    office = absence.office
    here = await offer(office, "here", PRESENT)
    await office.jobs.shelve("out_of_office")
    await office.settle()
    assert office.members(absence.e3) == {absence.ada, absence.ben}
    assert office.members(here) == {absence.ben, absence.cleo}
    await read_again(absence, absence.ada, absence.ben, absence.cleo)
    await office.settle()
    await office.hint(absence.ada, absence.ben, absence.cleo)
    assert office.members(absence.e3) == {absence.ada, absence.ben}
    assert office.members(here) == {absence.ben, absence.cleo}
    told = await office.jobs.explain(absence.ada, "e3")
    assert told
    assert told.bundles[0].entitled
    assert told.bundles[0].why.startswith("stays as she is")


async def test_whoever_was_hired_after_the_read_waits_for_the_next(absence: Absence) -> None:
    office = absence.office
    here = await offer(office, "here", PRESENT)
    await office.jobs.shelve("out_of_office")
    await office.settle()
    eve = await office.hire("Eve", "Sales")
    await office.settle()
    await office.hint(eve)
    assert eve not in office.members(here)
    absence.replies.append(OutOfOffice(eve, "disabled", None, None, None, None, None))
    await read_again(absence)
    await office.settle()
    assert eve in office.members(here)


async def test_what_does_not_hang_on_replies_is_decided_without_them(absence: Absence) -> None:
    office = absence.office
    here = await offer(office, "here", PRESENT)
    sure = await offer(office, "sure", f'({PRESENT}) -or user.department -eq "Sales"')
    await office.jobs.shelve("out_of_office")
    await office.settle()
    eve = await office.hire("Eve", "Sales")
    office.tenant.move(absence.cleo, department="IT")
    await read_again(absence, absence.cleo)
    await office.settle()
    assert absence.cleo not in office.members(here)
    assert eve in office.members(sure)


@pytest.mark.parametrize("nots", [0, 1, 2, 3])
async def test_an_exclusion_excludes_only_whom_it_is_known_to(absence: Absence, nots: int) -> None:
    office = absence.office
    away = 'person.OofStatus -eq "alwaysEnabled"'
    for _ in range(nots):
        away = f"-not ({away})"
    rule = 'user.department -eq "Sales"'
    here = await offer(office, "here", rule, excluded={"rule": away})
    await office.jobs.shelve("out_of_office")
    await office.settle()
    before = office.members(here)
    assert before == ({absence.ben, absence.cleo} if nots % 2 == 0 else {absence.ada})
    eve = await office.hire("Eve", "Sales")
    await read_again(absence, absence.ada, absence.ben, absence.cleo)
    await office.settle()
    assert office.members(here) == before
    assert eve not in office.members(here)
