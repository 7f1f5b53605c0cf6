"""What is kept may get lost: no license goes with it, as docs/operating.md says."""

from dataclasses import replace
from typing import Any

import pytest

from domain.jobs import Jobs
from tests.fakes.ledger import FakeLedger
from tests.fakes.records import FakeBundles
from tests.fakes.warehouse import FakeWarehouse
from tests.unit.office import Office

LOST: dict[str, dict[str, Any]] = {
    "ledger": {"ledger": FakeLedger},
    "snapshots": {"warehouse": FakeWarehouse},
    "policy": {"bundles": FakeBundles},
    "ledger and snapshots": {"ledger": FakeLedger, "warehouse": FakeWarehouse},
}


def lose(office: Office, what: str) -> None:
    office.ports = replace(office.ports, **{port: new() for port, new in LOST[what].items()})
    office.jobs = Jobs(office.ports)


@pytest.mark.parametrize("unmanaged", ["keep", "adopt", "remove"])
@pytest.mark.parametrize("what", LOST)
async def test_nobody_loses_a_license_by_it(what: str, unmanaged: str) -> None:
    office = Office()
    e3 = await office.offer("e3", unmanaged=unmanaged)
    people = {await office.hire(name, "Sales") for name in ("Ada", "Ben")}
    await office.settle()

    lose(office, what)
    run = await office.run()

    assert run.changes == 0
    assert office.members(e3) == people


@pytest.mark.parametrize(("unmanaged", "stays"), [("keep", True), ("remove", False)])
async def test_without_the_ledger_nobody_knows_whom_it_added(unmanaged: str, stays: bool) -> None:
    office = Office()
    e3 = await office.offer("e3", unmanaged=unmanaged)
    ada = await office.hire("Ada", "Sales")
    await office.settle()

    lose(office, "ledger")
    office.tenant.move(ada, department="IT")
    await office.settle()

    assert (ada in office.members(e3)) is stays
