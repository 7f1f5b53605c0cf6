"""A write of a process that was given up reaches the target after all else was decided and done.

Its lock ran out while it stood still (a machine that was paused, a broker that restarted), so its
page came again and a later decision was carried out meanwhile.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from domain.change import Change
from domain.jobs import Jobs
from domain.ledger import State
from domain.outcome import Outcome
from tests.fakes.directory import FakeTargets
from tests.unit.office import Office


class SlowTargets(FakeTargets):
    """Targets whose first write stands still on its way."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.tenant)
        self.under_way = asyncio.Event()
        self.go_on = asyncio.Event()

    async def carry_out(
        self,
        target: str,
        changes: Sequence[Change],
        *,
        urgent: bool = False,
        reserved: bool = False,
    ) -> Mapping[str, Outcome]:
        if not self.under_way.is_set():
            self.under_way.set()
            await self.go_on.wait()
        return await super().carry_out(target, changes, urgent=urgent, reserved=reserved)


@pytest.mark.parametrize("unmanaged", ["remove", "keep"])
async def test_a_grant_that_arrives_after_its_revoke_was_confirmed_is_taken_back(
    unmanaged: str,
) -> None:
    office = Office()
    targets = SlowTargets(office)
    office.jobs = Jobs(replace(office.ports, targets=targets))
    bundle = await office.offer("teams", unmanaged=unmanaged)
    ada = await office.hire("Ada", "Sales")
    await office.run()

    late = asyncio.create_task(office.deliver(office.queue.pages[0]))
    await targets.under_way.wait()
    office.tenant.move(ada, department="Legal")
    await office.settle()
    assert (await office.row(bundle, ada)).state is State.CONFIRMED
    assert ada not in office.members(bundle)

    targets.go_on.set()
    await late
    assert ada in office.members(bundle)
    await office.settle()
    assert ada not in office.members(bundle)


@pytest.mark.parametrize(
    ("unmanaged", "entra"),
    [
        ("remove", "quick"),
        ("remove", "slow"),
        ("keep", "quick"),
        ("keep", "slow"),
    ],
)
async def test_a_grant_that_arrives_while_its_revoke_is_being_confirmed_is_taken_back(
    unmanaged: str, entra: str
) -> None:
    office = Office()
    targets = SlowTargets(office)
    office.jobs = Jobs(replace(office.ports, targets=targets))
    bundle = await office.offer("teams", unmanaged=unmanaged)
    ada = await office.hire("Ada", "Sales")
    await office.run()

    late = asyncio.create_task(office.deliver(office.queue.pages[0]))
    await targets.under_way.wait()
    office.tenant.move(ada, department="Legal")
    office.clock.advance(300)
    await office.run()
    await office.deliver_all()
    if entra == "slow":  # The license follows a membership after minutes, so none is seen yet.
        office.tenant.pause_licensing()
    targets.go_on.set()
    await late
    assert ada in office.members(bundle)
    await office.jobs.confirm()
    office.tenant.resume_licensing()
    await office.settle()
    assert ada not in office.members(bundle)


async def test_a_revoke_that_arrives_while_its_grant_is_being_confirmed_is_made_good() -> None:
    office = Office()
    bundle = await office.offer("teams")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="Legal")
    office.clock.advance(300)
    await office.run()
    targets = SlowTargets(office)
    office.jobs = Jobs(replace(office.ports, targets=targets))

    late = asyncio.create_task(office.deliver(office.queue.pages[0]))
    await targets.under_way.wait()
    office.tenant.move(ada, department="Sales")
    office.clock.advance(300)
    await office.run()
    await office.deliver_all()
    targets.go_on.set()
    await late
    assert ada not in office.members(bundle)
    await office.settle()
    assert ada in office.members(bundle)
