"""Status and explanation say what is not seen yet, what came to nothing, and what is undone."""

import pytest

from domain.decision.known import AGAIN
from domain.errors import Conflict, Later
from domain.inventory.join import Join
from domain.jobs.status import BundleStatus, FailedInventory
from domain.outcome import LicenseError
from domain.tenant_policy import TenantPolicy
from tests.unit.office import Office


@pytest.fixture
def office() -> Office:
    return Office()


async def e3_of(office: Office) -> BundleStatus:
    (bundle,) = (await office.jobs.status()).bundles
    return bundle


async def test_the_oldest_change_that_is_not_seen_yet_is_told_with_since_when(
    office: Office,
) -> None:
    await office.offer("e3")
    await office.hire("Ada", "Sales")
    office.tenant.pause_licensing()
    assert (await e3_of(office)).unseen_since is None
    await office.run()
    assert (await e3_of(office)).unseen_since is None
    carried_out = office.clock.now()
    await office.deliver_all()
    office.clock.advance(3600)
    await office.hire("Ben", "Sales")
    await office.run()
    await office.deliver_all()
    status = await e3_of(office)
    assert (status.unconfirmed, status.unseen_since) == (2, carried_out)
    office.tenant.resume_licensing()
    await office.settle()
    assert (await e3_of(office)).unseen_since is None


async def test_a_run_that_is_undone_is_counted_until_that_ends(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    run = (await office.row(e3, ada)).run
    assert (await e3_of(office)).undone == {}
    await office.jobs.undo(run, "ada", "wrong", "u1")
    assert (await e3_of(office)).undone == {run: 1}
    await office.jobs.end_undoing(run, "ada", "", "u2")
    assert (await e3_of(office)).undone == {}


async def test_whoever_has_no_license_is_told_why_and_when_it_is_tried_again(
    office: Office,
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.tenant.spoil_license(ada, e3.skus()[0], LicenseError.UNIQUENESS)
    await office.settle()
    told = await office.jobs.explain(ada)
    assert told is not None
    (standing,) = told.bundles
    last = standing.last_decision
    assert last is not None
    assert last.error is LicenseError.UNIQUENESS
    assert standing.again_at == last.updated_at + AGAIN
    office.tenant.mend_license(ada, e3.skus()[0])
    office.clock.advance(3600)
    await office.settle()
    told = await office.jobs.explain(ada)
    assert told is not None
    assert told.bundles[0].again_at is None


async def test_accounts_of_one_human_are_counted_once_where_policy_joins_them(
    office: Office,
) -> None:
    first = await office.hire("Ada", "Sales")
    await office.hire("Ben", "Sales")
    office.tenant.move(first, employeeId="1")
    office.tenant.move(await office.hire("Ada's other", "Sales"), employeeId="1")
    await office.run()
    assert (await counts(office)) == (3, None)
    tenant = TenantPolicy(join=Join(keys=("employeeId",)))
    await office.bundles.put([], "ada", office.clock.now(), tenant=tenant)
    assert (await counts(office)) == (3, 2)
    assert (await counts(office)) == (3, 2)
    await office.hire("Cleo", "Sales")
    await office.run()
    assert (await counts(office)) == (4, 3)


async def counts(office: Office) -> tuple[int, int | None]:
    found = (await office.jobs.status()).snapshot
    assert found
    return found.people, found.humans


async def test_why_an_inventory_failed_is_told_until_one_is_complete(office: Office) -> None:
    await office.run()
    office.clock.advance(60)
    failed_at = office.clock.now()
    office.directory.fail_next("people", error=Later("Graph cannot answer now: 503."))
    with pytest.raises(Later):
        await office.jobs.inventory()

    failure = (await office.jobs.status()).failure
    assert failure == FailedInventory(failed_at, "Graph cannot answer now: 503.")

    office.clock.advance(60)
    await office.jobs.inventory()
    assert (await office.jobs.status()).failure is None


async def test_an_inventory_that_was_slower_than_another_did_not_fail(office: Office) -> None:
    office.directory.fail_next("people", error=Conflict("another run was quicker"))
    with pytest.raises(Conflict):
        await office.jobs.inventory()
    assert (await office.jobs.status()).failure is None


async def test_what_failed_is_told_where_its_reason_cannot_be_kept(office: Office) -> None:
    office.directory.fail_next("people", error=Later("Graph cannot answer now: 503."))
    office.warehouse.fail_next("note", error=Later("Storage is busy."))
    with pytest.raises(Later, match="Graph cannot answer now"):
        await office.jobs.inventory()
