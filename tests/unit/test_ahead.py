"""A compile decides before it has the turn, and writes nothing down that no longer stands then."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from domain.change import Action
from domain.errors import Busy
from domain.jobs.compile import AHEAD
from domain.message import hint_message
from domain.ports import Hint, Turn
from tests.unit.office import Office
from tests.unit.webhooks import body, item, person

type Act = Callable[[], Awaitable[object]]

TIMES = pytest.mark.parametrize("times", [1, AHEAD], ids=["once", "each-time"])
"""Once, it decides again before it has the turn; each time, once more while it has it."""


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.jobs.renew_watches()
    return office


def before_the_turn(office: Office, act: Act, times: int) -> None:
    """Have something done so many times after a compile has decided, and before it has the turn."""
    take, left = office.warehouse.turn, [times]

    @asynccontextmanager
    async def turn(patience: float = 0.0, *, urgent: bool = False) -> AsyncIterator[Turn]:
        if left[0] and patience > 10:  # a compile of everything, and not what is done in between
            left[0] -= 1
            await act()
        async with take(patience, urgent=urgent) as held:
            yield held

    setattr(office.warehouse, "turn", turn)  # noqa: B010 - mypy takes no method for it


async def leaver(office: Office) -> str:
    """Return somebody who holds a bundle, and is not to by the latest inventory."""
    await office.offer("e3")
    eve = await office.hire("Eve", "Sales")
    await office.settle()
    office.tenant.move(eve, department="IT")
    office.clock.advance(1200)
    await office.jobs.inventory()
    return eve


async def compile(office: Office) -> list[Action]:
    """Compile on the inventory there is; return what is on its way then."""
    await office.jobs.compile("timer")
    return [change.action for change in await office.open_rows()]


async def test_what_nothing_comes_between_is_decided_once(office: Office) -> None:
    await leaver(office)
    assert await compile(office) == [Action.REVOKE]
    assert "compile.anew" not in office.log.events()


@TIMES
async def test_a_pause_that_begins_in_between_lets_nothing_be_sent(
    office: Office, times: int
) -> None:
    await leaver(office)
    before_the_turn(office, lambda: office.jobs.pause("Pia", "Wait."), times)
    assert await compile(office) == []


@TIMES
async def test_who_is_protected_in_between_is_not_revoked(office: Office, times: int) -> None:
    eve = await leaver(office)
    before_the_turn(office, lambda: office.jobs.protect(eve, "Pia", "Wait."), times)
    assert await compile(office) == []


@TIMES
async def test_a_policy_that_is_stored_in_between_is_the_one_that_counts(
    office: Office, times: int
) -> None:
    await leaver(office)
    (e3,) = [stored.bundle for stored in await office.bundles.all()]
    before_the_turn(
        office, lambda: office.put(e3, policy={"rule": "user.accountEnabled -eq true"}), times
    )
    assert await compile(office) == []


@TIMES
async def test_an_inventory_that_is_taken_in_between_is_the_one_that_counts(
    office: Office, times: int
) -> None:
    eve = await leaver(office)

    async def come_back() -> None:
        office.clock.advance(1)
        office.tenant.move(eve, department="Sales", city=f"{office.clock.now()}")
        await office.jobs.inventory()

    before_the_turn(office, come_back, times)
    assert await compile(office) == []


@TIMES
async def test_who_is_told_of_in_between_is_looked_at_before_she_is_revoked(
    office: Office, times: int
) -> None:
    eve = await leaver(office)

    async def come_back() -> None:
        office.clock.advance(1)
        office.tenant.move(eve, department="Sales")
        told = body(item(office, person(eve)))
        await office.jobs.notified(told, f"call-{len(office.notices.all)}")

    before_the_turn(office, come_back, times)
    assert await compile(office) == []


async def test_who_was_looked_at_and_is_told_of_again_is_looked_at_again(office: Office) -> None:
    eve = await leaver(office)
    await office.jobs.notified(body(item(office, person(eve))), "before")
    office.clock.advance(60)

    async def come_back() -> None:
        office.tenant.move(eve, department="Sales")
        await office.jobs.notified(body(item(office, person(eve))), "between")

    before_the_turn(office, come_back, 1)
    assert await compile(office) == []


async def test_what_was_seen_at_the_targets_is_kept_though_it_was_decided_anew(
    office: Office,
) -> None:
    await leaver(office)
    (e3,) = [stored.bundle for stored in await office.bundles.all()]
    await office.hire("By hand", "Sales", e3.target.group)
    office.clock.advance(60)
    await office.jobs.inventory()
    before = (await office.ledger.standing("e3")).head.seen_at
    others = iter([await office.hire(name, "Sales") for name in ("Ada", "Ben")])
    before_the_turn(office, lambda: office.jobs.protect(next(others), "Pia", "Wait."), AHEAD)
    await compile(office)
    after = (await office.ledger.standing("e3")).head.seen_at
    assert before
    assert after
    assert after > before


@TIMES
async def test_a_seat_that_is_given_away_in_between_is_not_promised_again(
    office: Office, times: int
) -> None:
    sku = office.tenant.add_product("SCARCE", 2)
    sales = await office.offer("sales", sku=sku)
    legal = await office.offer("legal", sku=sku, policy={"rule": 'user.department -eq "Legal"'})
    ada, ben = await office.hire("Ada", "Sales"), await office.hire("Ben", "Sales")
    await office.jobs.inventory()

    async def hire_a_lawyer() -> None:
        zoe = await office.hire("Zoe", "Legal")
        await office.jobs.recompile(hint_message(Hint(people=(zoe,))), f"hint-{zoe}")

    before_the_turn(office, hire_a_lawyer, times)
    await office.jobs.compile("timer")
    await office.deliver_all()
    assert len(office.members(legal)) == times
    assert len(office.members(sales) & {ada, ben}) == 2 - times


async def test_who_is_seen_to_be_entitled_again_in_between_has_her_grace_anew(
    office: Office,
) -> None:
    """As many are in grace as before, so the head, which counts them, stays as it is."""
    e3 = await office.offer("e3", grace="1d")
    ada, zoe = await office.hire("Ada", "Sales"), await office.hire("Zoe", "Sales")
    await office.settle()
    office.tenant.move(ada, department="IT")
    await office.run()
    office.clock.advance(90_000)
    await office.jobs.inventory()

    async def ada_comes_back_and_zoe_goes() -> None:
        office.tenant.move(ada, department="Sales")
        office.tenant.move(zoe, department="IT")
        before = (await office.ledger.standing("e3")).head
        await office.jobs.recompile(hint_message(Hint(people=(ada, zoe))), "hint")
        assert (await office.ledger.standing("e3")).head == before
        assert list(await office.ledger.leaving("e3")) == [zoe]

    before_the_turn(office, ada_comes_back_and_zoe_goes, 1)
    assert await compile(office) == []
    assert office.members(e3) == {ada, zoe}


async def test_one_compile_of_everything_is_at_work_at_a_time(office: Office) -> None:
    await leaver(office)
    async with office.warehouse.compiling():
        with pytest.raises(Busy):
            await office.jobs.compile("timer")
    assert await office.open_rows() == []
