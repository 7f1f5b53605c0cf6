"""A revoke on its way is taken back once the bundle keeps whom it would take from."""

from typing import Any

import pytest

from domain.bundle import Bundle
from domain.ledger import State
from tests.unit.office import Office

LIMITS = {"revokes": {"percent": 100}, "grants": {"percent": None}, "shrink": {"percent": 100}}


@pytest.fixture
def office() -> Office:
    return Office()


async def offered(office: Office, **fields: Any) -> tuple[Bundle, str, str]:
    """Return a bundle with Ada, who is in by our doing, and Ben, who is not."""
    e3 = await office.offer("e3", unmanaged="keep", limits=LIMITS, **fields)
    ada, ben = await office.hire("Ada", "Sales"), await office.hire("Ben", "IT")
    office.tenant.join(e3.target.group, ben)
    await office.settle()
    assert office.members(e3) == {ada, ben}
    return e3, ada, ben


async def run(office: Office) -> None:
    office.clock.advance(300)
    await office.run()


@pytest.mark.parametrize("paused", [False, True])
async def test_whom_we_did_not_add_stays_if_the_bundle_keeps_her_after_all(
    office: Office, paused: bool
) -> None:
    e3, ada, ben = await offered(office)
    office.tenant.move(ada, department="IT")
    mistaken = await office.put(e3, unmanaged="remove")
    await run(office)
    assert {change.person for change in await office.open_rows()} == {ada, ben}
    if paused:
        await office.jobs.pause("eve", "oops")
    await office.put(mistaken, unmanaged="keep")
    await office.jobs.compile("mended")
    if paused:
        await office.jobs.resume("eve", "mended", "r")
        office.clock.advance(300)
    await office.deliver_all()
    assert office.members(e3) == {ben}
    row = await office.row(e3, ben)
    assert row.state is State.REFUSED
    assert row.detail == (
        "Withdrawn before it was carried out: the bundle keeps whom Seatflow did not add."
    )
    await office.settle()
    assert office.members(e3) == {ben}


async def test_grace_that_is_given_late_is_given_all_the_same(office: Office) -> None:
    e3, ada, ben = await offered(office)
    office.tenant.move(ada, department="IT")
    await run(office)
    lenient = await office.put(e3, grace="1d")
    await office.jobs.compile("mended")
    await office.deliver_all()
    assert office.members(e3) == {ada, ben}
    await run(office)
    assert set(await office.ledger.leaving("e3")) == {ada}
    office.clock.advance(90_000)
    await office.settle()
    assert office.members(lenient) == {ben}


async def test_a_grace_that_is_over_does_not_begin_again(office: Office) -> None:
    e3, ada, ben = await offered(office, grace="1d")
    office.tenant.move(ada, department="IT")
    await run(office)
    office.clock.advance(90_000)
    await office.run()
    for _ in range(2):  # it waits on the queue
        await run(office)
    await office.deliver_all()
    assert office.members(e3) == {ben}


async def test_a_revoke_that_is_still_wanted_stays_on_its_way(office: Office) -> None:
    e3, ada, ben = await offered(office)
    await office.put(e3, unmanaged="remove")
    office.tenant.move(ada, department="IT")
    await run(office)
    before = await office.open_rows()
    await run(office)
    assert await office.open_rows() == before
    assert {change.person for change in before} == {ada, ben}
