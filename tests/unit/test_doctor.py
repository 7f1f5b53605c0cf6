"""Doctor over fakes: everything is looked at, and what cannot be looked at is a finding."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.doctor import Observation, Severity, Subject, fine
from domain.errors import Forbidden, Later, SeatflowError
from domain.jobs import Jobs
from domain.ports import Check
from tests.unit.office import Office


@dataclass
class FakeCheck:
    """A check that finds something, or cannot look."""

    found: Sequence[Observation] | SeatflowError
    name: str = "moon"
    page: str = "docs/moon.md"
    asked: list[Subject] = field(default_factory=list)

    async def look(self, subject: Subject) -> Sequence[Observation]:
        self.asked.append(subject)
        if isinstance(self.found, SeatflowError):
            raise self.found
        return self.found


@dataclass
class FakeChecks:
    checks: Sequence[Check] = ()

    def all(self) -> Sequence[Check]:
        return self.checks


def jobs_with(office: Office, *checks: FakeCheck) -> Jobs:
    return Jobs(replace(office.ports, checks=FakeChecks(checks), features=frozenset({"members"})))


async def test_what_is_found_is_told_with_its_check_and_its_page() -> None:
    office = Office()
    e3 = (await office.offer("e3")).target.group
    await office.jobs.inventory()
    check = FakeCheck([fine("The moon is up.")])
    found = await jobs_with(office, check).doctor()
    assert found.healthy
    assert found.findings[0] == Observation(
        Severity.FINE, "The moon is up.", "moon", "docs/moon.md"
    )
    (asked,) = check.asked
    assert asked == Subject([e3], frozenset({"members"}))
    assert [each.check for each in found.findings] == ["moon", "groups", "inventory"]


async def test_what_cannot_be_looked_at_is_an_error_beside_everything_else() -> None:
    office = Office()
    forbidden = FakeCheck(Forbidden("Storage refused.", "Give it the role."))
    away = FakeCheck(Later("The broker is away."))
    found = await jobs_with(office, forbidden, away, FakeCheck([fine("All is well.")])).doctor()
    assert not found.healthy
    errors = [each.sentence for each in found.findings if each.level is Severity.ERROR]
    assert errors == [
        "Storage refused. Give it the role.",
        "The broker is away. Try again later; if it stays so, look at what is named.",
    ]
    assert "All is well." in [each.sentence for each in found.findings]


async def test_target_groups_that_do_not_fit_are_told_with_the_fix() -> None:
    office = Office()
    e3, gone = [(await office.offer(name)).target.group for name in ("e3", "gone")]
    office.tenant.change_group(e3, types=("DynamicMembership",))
    office.tenant.remove_group(gone)
    found = await jobs_with(office).doctor()
    said = {each.sentence: each.level for each in found.findings if each.check == "groups"}
    assert [*said.values()] == [Severity.ERROR, Severity.ERROR]
    assert any("is dynamic: its members follow a rule" in sentence for sentence in said)
    assert f"gone: Target group {gone} is not in the directory. Name one that is." in said
    office.tenant.change_group(e3, types=(), licenses={})
    found = await jobs_with(office).doctor()
    assert any("See seatflow licenses e3." in each.sentence for each in found.findings)


async def test_an_old_inventory_and_none_are_told() -> None:
    office = Office()
    first = (await jobs_with(office).doctor()).findings
    assert [each.level for each in first] == [Severity.NOTE, Severity.WARNING]
    await office.jobs.inventory()
    office.clock.advance(7200)
    found = await jobs_with(office).doctor()
    assert not found.healthy
    assert found.findings[-1].sentence.startswith("The inventory is 120 minutes old")


async def test_stored_policy_that_cannot_be_read_does_not_stop_the_rest() -> None:
    office = Office()
    office.bundles.fail_next("all", error=Later("Storage is away."))
    check = FakeCheck([fine("All is well.")])
    found = await jobs_with(office, check).doctor()
    assert {each.check: each.level for each in found.findings}["bundles"] is Severity.ERROR
    assert check.asked[0].targets == []
