"""What random schedules found, each as the shortest story that shows it."""

from domain.bundle import Bundle
from domain.message import page_message
from domain.outcome import LicenseError
from domain.ports import DeadLetter
from tests.unit.office import Office


async def test_whoever_we_put_in_stays_ours_when_her_revoke_is_dead_lettered() -> None:
    """She was given the bundle, and not seen to hold it yet when it was to be taken back."""
    office = Office()
    teams = await office.offer("teams", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.deliver_all()
    assert office.members(teams) == {ada}
    office.tenant.move(ada, department="IT")
    office.clock.advance(300)
    await office.run()
    (sent,) = office.queue.pages
    office.queue.pages.clear()
    body = page_message(sent.bundle, sent.page).decode()
    office.queue.dead.append(DeadLetter("fulfillment", sent.message, body, "locks were lost"))
    await office.jobs.bury_dead_letters()
    office.clock.advance(90_000)
    await office.settle()
    assert office.members(teams) == frozenset()


async def taken_out_unseen(office: Office) -> tuple[Bundle, str]:
    """Give somebody a bundle, and take her out by hand before an inventory has seen her in it."""
    teams = await office.offer("teams", unmanaged="keep")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    office.tenant.leave(teams.target.group, ada)
    office.tenant.move(ada, department="IT")
    await office.settle()
    assert office.members(teams) == frozenset()
    return teams, ada


async def test_the_history_knows_that_somebody_was_taken_out_before_an_inventory_saw_her() -> None:
    office = Office()
    await taken_out_unseen(office)
    assert (await office.jobs.held(None, None, None)).holdings == ()


async def test_whoever_was_taken_out_unseen_is_left_alone_when_somebody_puts_her_back() -> None:
    office = Office()
    teams, ada = await taken_out_unseen(office)
    office.clock.advance(90_000)
    office.tenant.join(teams.target.group, ada)
    await office.settle()
    assert office.members(teams) == {ada}


async def test_a_run_that_gave_two_bundles_with_the_same_product_can_be_undone() -> None:
    office = Office()
    sku = office.tenant.add_product("SUITE", 9)
    one, two = [await office.offer(name, sku=sku) for name in ("one", "two")]
    ada = await office.hire("Ada", "Sales")
    run = await office.run()
    await office.deliver_all()
    await office.jobs.confirm()
    assert {ada} == office.members(one) == office.members(two)
    await office.jobs.undo(run.id, "ada", "a mistake", "u1")
    await office.settle()
    assert frozenset() == office.members(one) == office.members(two)


async def test_whoever_is_put_back_while_her_license_fails_is_revoked_again() -> None:
    office = Office()
    e3 = await office.offer("e3")
    (sku,) = e3.skus()
    eve = await office.hire("Eve", "Sales")
    await office.settle()
    office.tenant.move(eve, department="IT")
    office.clock.advance(86_400)
    await office.run()
    await office.deliver_all()
    office.tenant.spoil_license(eve, sku, LicenseError.EXCLUSIVE)
    office.tenant.join(e3.target.group, eve)
    office.clock.advance(86_400)
    await office.settle()
    assert eve not in office.members(e3)
    assert not await office.open_rows()


async def test_a_member_without_a_license_takes_no_seat_along_to_another_bundle() -> None:
    office = Office()
    sku = office.tenant.add_product("SCARCE", 1)
    one = await office.offer("one", sku=sku)
    await office.offer("two", sku=sku, policy={"rule": 'user.department -eq "Legal"'})
    await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.pause_licensing()
    eve = await office.hire("Eve", "Legal", one.target.group)
    await office.run()
    assert list(await office.ledger.waiting("two")) == [eve]
