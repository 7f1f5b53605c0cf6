"""A compile of everything gives way between two bundles to whoever is urgent, and goes on after."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from domain.concurrency import both
from domain.errors import Conflict, Later
from domain.head import Head
from domain.inventory.product import Product
from domain.jobs import Jobs
from domain.jobs.compile import GIVES_WAY, compile_everything, sent_changes
from domain.ledger import Page, Standing, State
from domain.message import hint_message
from domain.ports import Hint
from tests.fakes.ledger import FakeLedger
from tests.unit.office import Office

BUNDLES = ("a", "b", "c", "d")


@pytest.fixture
def office() -> Office:
    return Office()


async def look_at(office: Office, person: str) -> None:
    await office.jobs.recompile(hint_message(Hint(people=(person,))), "hint")


async def run_and_look_at(office: Office, person: str) -> None:
    """Compile everything; while it decides, somebody urgent is decided about."""
    deciding = asyncio.Event()
    ask = office.directory.products

    async def products() -> Mapping[str, Product]:
        deciding.set()
        return await ask()

    async def come() -> None:
        await deciding.wait()
        await look_at(office, person)

    setattr(office.directory, "products", products)  # noqa: B010 - mypy takes no method for it
    await both(compile_everything(office.ports, "run"), come())
    assert "compile.anew" in office.log.events()


async def test_who_is_urgent_is_decided_about_before_the_rest(office: Office) -> None:
    bundles = [await office.offer(name) for name in BUNDLES]
    await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    zoe = await office.hire("Zoe", "Sales")  # no inventory has seen her
    plans, _ = await both(compile_everything(office.ports, "run"), look_at(office, zoe))
    events = [(name, facts.get("run")) for name, facts in office.log.lines]
    sent = [run for name, run in events if name == "plan.sent"]
    assert sent == ["hint"] * len(BUNDLES) + ["run"] * len(BUNDLES)
    assert {plan.bundle for plan in plans} == set(BUNDLES)
    assert sent_changes(plans) == len(BUNDLES)
    await office.deliver_all()
    assert all(len(office.members(bundle)) == 2 for bundle in bundles)


async def test_no_seat_is_promised_twice_by_a_compile_that_gave_way(office: Office) -> None:
    sku = office.tenant.add_product("SCARCE", 4)
    bundles = [
        await office.offer(name, sku=sku, policy={"rule": f'user.city -eq "{name}"'})
        for name in BUNDLES
    ]
    for name in BUNDLES:
        office.tenant.add_person(f"P-{name}", city=name)
    await office.jobs.inventory()
    zoe = office.tenant.add_person("Zoe", city="c")
    await run_and_look_at(office, zoe)
    promised = [change.person for change in await office.open_rows()]
    assert len(promised) == 4
    await office.settle()
    holders = set().union(*map(office.members, bundles))
    assert len(holders) == 4


async def test_hand_work_is_told_once_though_the_compile_gave_way(office: Office) -> None:
    bundles = [await office.offer(name, unmanaged="keep") for name in BUNDLES]
    await office.settle()
    await office.hire("Ada", "Sales")
    ben = await office.hire("Ben", "IT", *(bundle.target.group for bundle in bundles))
    await office.jobs.inventory()
    zoe = await office.hire("Zoe", "Sales")
    await run_and_look_at(office, zoe)
    await office.settle()
    told = await office.jobs.drift()
    assert [line.person for line in told.lines] == [ben] * len(BUNDLES)


async def test_nobody_is_revoked_on_a_snapshot_that_another_took_the_place_of(
    office: Office,
) -> None:
    bundles = [await office.offer(name) for name in BUNDLES]
    eve = await office.hire("Eve", "Sales")
    await office.settle()
    office.tenant.move(eve, department="IT")
    await office.jobs.inventory()
    office.clock.advance(600)

    async def take_her_back() -> None:
        async with office.warehouse.turn(75.0, urgent=True):
            office.tenant.move(eve, department="Sales")
            await office.jobs.inventory()

    await both(compile_everything(office.ports, "run"), take_her_back())
    assert "compile.anew" in office.log.events()
    await office.deliver_all()
    assert all(eve in office.members(bundle) for bundle in bundles)


async def test_a_compile_among_many_who_are_urgent_comes_to_its_end(office: Office) -> None:
    bundles = [await office.offer(f"b{number}") for number in range(3 * GIVES_WAY)]
    await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    compiling = asyncio.ensure_future(compile_everything(office.ports, "run"))
    while not compiling.done():
        async with office.warehouse.turn(75.0, urgent=True):
            await asyncio.sleep(0)
        for _ in range(10):  # or the compile would find it taken again at once
            await asyncio.sleep(0)
    assert sent_changes(await compiling) == len(bundles)
    assert office.log.events().count("compile.gave_way") == GIVES_WAY


async def test_what_was_written_before_a_failure_goes_on_the_queue(office: Office) -> None:
    for name in BUNDLES:
        await office.offer(name)
    await office.hire("Ada", "Sales")
    await office.jobs.inventory()
    office.plans.fail_next("keep", before=False, error=Later("Busy.", 1))
    with pytest.raises(Later):
        await office.jobs.compile("run")
    for message in office.queue.pages:
        assert await office.ledger.page(message.bundle, message.page)


async def test_a_failure_at_one_bundle_leaves_no_other_half_written(office: Office) -> None:
    for name in BUNDLES:
        await office.offer(name, seats=200)
    for number in range(100):
        await office.hire(f"P{number}", "Sales")
    await office.jobs.inventory()
    decide = office.ledger.decide

    async def slowly(head: Head, page: Page, *rest: Any, **named: Any) -> Head:
        for _ in range(5):
            await asyncio.sleep(0)
        if page.bundle == "b":
            raise Later("Busy.", 1)
        return await decide(head, page, *rest, **named)

    setattr(office.ledger, "decide", slowly)  # noqa: B010 - mypy takes no method for it
    with pytest.raises(Later):
        await office.jobs.compile("run")
    pages = [len((await office.ledger.standing(name)).pages) for name in BUNDLES]
    assert pages == [2, 0, 2, 2]


async def test_pages_written_before_a_conflict_go_on_the_queue(office: Office) -> None:
    e3 = await office.offer("e3")
    for number in range(100):
        await office.hire(f"P{number}", "Sales")
    await office.jobs.inventory()
    office.ledger.fail_next("decide", before=False, error=Conflict("Somebody was quicker."))
    await office.jobs.compile("run")
    assert "plan.conflict" in office.log.events()
    await office.jobs.compile("again")
    await office.deliver_all()
    office.clock.advance(61)
    await office.jobs.sweep()
    await office.deliver_all()
    assert len(office.members(e3)) == 100


class Overtaken(FakeLedger):
    """A grant is carried out and confirmed just before somebody reads how a bundle stands."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office = office
        self.armed = False

    async def standing(self, bundle: str) -> Standing:
        if self.armed and bundle == "sales":
            self.armed = False
            await self._office.deliver_all()
            await self._office.jobs.confirm()
        return await super().standing(bundle)


async def test_a_seat_that_is_given_while_a_close_up_looks_is_not_promised_again() -> None:
    office = Office()
    ledger = Overtaken(office)
    office.ledger, office.ports = ledger, replace(office.ports, ledger=ledger)
    office.jobs = Jobs(office.ports)
    sku = office.tenant.add_product("SCARCE", 1)
    for name in ("Sales", "Legal"):
        rule = {"rule": f'user.department -eq "{name}"'}
        await office.offer(name.lower(), sku=sku, policy=rule)
    ada = await office.hire("Ada", "Sales")
    await look_at(office, ada)
    ben = await office.hire("Ben", "Legal")
    ledger.armed = True
    await look_at(office, ben)
    assert (await office.ledger.rows("sales", [ada]))[ada].state is State.CONFIRMED
    assert await office.open_rows() == []
    assert list(await office.ledger.waiting("legal")) == [ben]
