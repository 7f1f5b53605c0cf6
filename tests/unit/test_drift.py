"""What somebody else does to a license group is noticed, told, and handled as the bundle says."""

import pytest

from domain.bundle import Bundle
from domain.chain import Line, read
from domain.errors import Forbidden, Later
from domain.ledger import State
from domain.ports import MembershipLog
from tests.fakes.faults import Crash
from tests.unit.office import Office


@pytest.fixture
def office() -> Office:
    return Office()


async def told(office: Office, bundle: Bundle) -> list[Line]:
    """Return what the history was told beside pages."""
    entries = [read(sealed) async for sealed in office.ledger.entries(bundle.id)]
    return [line for entry in entries if entry.kind == "noted" for line in entry.lines]


async def test_who_was_in_the_group_from_the_beginning_is_told_once(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ben = await office.hire("Ben", "IT", e3.target.group)
    await office.run()
    await office.run()
    assert await told(office, e3) == [Line(ben, "found")]


async def test_what_seatflow_does_is_no_drift(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.hire("Ben", "IT", e3.target.group)
    await office.settle()
    office.tenant.move(ada, department="IT")
    await office.settle()
    office.tenant.move(ada, department="Sales")
    await office.settle()
    assert [line.state for line in await told(office, e3)] == ["found"]


async def test_a_member_taken_out_by_hand_is_told_with_who_did_it_and_comes_back(
    office: Office,
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.leave(e3.target.group, ada)
    at = office.clock.advance(300)
    office.tenant.log[e3.target.group] = [MembershipLog(at, ada, added=False, by="eve")]
    await office.run()
    assert await told(office, e3) == [
        Line(ada, "left", detail="taken out of the group by hand, by eve")
    ]
    await office.settle()
    assert office.members(e3) == {ada}


async def test_who_was_put_in_by_hand_is_kept_and_told(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    await office.settle()
    ben = await office.hire("Ben", "IT", e3.target.group)
    await office.settle()
    assert [line.person for line in await told(office, e3)] == [ben]
    assert office.members(e3) == {ben}


async def test_a_member_taken_out_and_put_back_by_hand_is_no_longer_seatflows(
    office: Office,
) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.leave(e3.target.group, ada)
    office.tenant.move(ada, department="IT")
    await office.settle()
    assert (await office.row(e3, ada)).managed is False
    office.tenant.join(e3.target.group, ada)
    await office.settle()
    assert office.members(e3) == {ada}
    assert [line.state for line in await told(office, e3)] == ["left", "joined"]


async def test_a_person_who_left_the_company_was_taken_out_by_nobody(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.remove_person(ada)
    await office.settle()
    assert await told(office, e3) == [Line(ada, "gone")]


@pytest.mark.parametrize("error", [Forbidden("Graph denied.", "Grant it."), Later("Away.", 5)])
async def test_an_audit_log_that_cannot_be_read_stops_nothing(
    office: Office, error: Exception
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.leave(e3.target.group, ada)
    office.directory.fail_next("membership_log", error=error)
    await office.settle()
    (line,) = await told(office, e3)
    assert "nobody can tell who did it" in line.detail
    assert str(error) in line.detail
    assert (await office.row(e3, ada)).state is State.CONFIRMED
    assert office.members(e3) == {ada}


async def test_drift_that_could_not_be_noted_is_noted_next_time(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    await office.settle()
    await office.hire("Ben", "IT", e3.target.group)
    office.ledger.fail_next("note", error=Later("Busy.", 1))
    await office.run()
    assert await told(office, e3) == []
    assert "drift.failed" in office.log.events()
    await office.run()
    assert [line.state for line in await told(office, e3)] == ["joined"]


async def test_members_are_kept_only_after_drift_was_noted(office: Office) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    await office.settle()
    await office.hire("Ben", "IT", e3.target.group)
    office.warehouse.fail_next("see", error=Later("Busy.", 1))
    await office.run()
    await office.run()
    assert {line.state for line in await told(office, e3)} == {"joined"}


@pytest.mark.parametrize(
    "call", [("warehouse", "see"), ("ledger", "decide"), ("ledger", "keep_head")]
)
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("seen", [True, False])
async def test_a_death_while_drift_is_noted_wrongs_nobody(
    call: tuple[str, str], before: bool, seen: bool
) -> None:
    """Members are kept before the head says that they were; a process may die in between."""
    office = Office()
    e3 = await office.offer("e3", unmanaged="keep")
    ada, ben = await office.hire("Ada", "Sales"), await office.hire("Ben", "Sales")
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    if seen:
        await office.settle()
    office.clock.advance(600)
    office.tenant.leave(e3.target.group, ada)
    office.tenant.move(ada, department="IT")
    zoe = await office.hire("Zoe", "IT", e3.target.group)
    await office.hire("Cleo", "Sales")  # so that something is decided, too
    holder, name = call
    getattr(office, holder).fail_next(name, before=before)
    for _ in range(2):
        try:
            await office.run()
        except Crash:
            continue
    await office.settle()
    lines = [(line.person, line.state) for line in (await office.jobs.drift()).lines]
    assert sorted(lines) == sorted([(ada, "left"), (zoe, "joined")])
    # Whoever somebody put in is left alone; whom we gave it loses it once she is to.
    office.tenant.join(e3.target.group, ada)
    office.tenant.move(ben, department="IT")
    await office.settle()
    assert ben not in office.members(e3)
    assert {ada, zoe} <= office.members(e3)
