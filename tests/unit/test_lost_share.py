"""A read that suddenly shows far fewer people, or members, is held: also where it was a full one.

The targets are left as they are, so that a revoke that is sent would be seen.
"""

from datetime import timedelta

from domain.bundle import Bundle
from domain.decision.sizes import Loss
from domain.jobs.inventory import take_inventory
from domain.records import RunState
from tests.fakes.tenant import FakeTenant
from tests.unit.office import Office

MANY = 30


class Shrinking:
    """A company whose Graph answers, from some moment on, with a part of it."""

    def __init__(self, bundle: Bundle, team: str, office: Office) -> None:
        self.bundle, self.team, self.office = bundle, team, office
        self.holders = office.members(bundle)
        self.people = sorted(self.holders)

    def answer_with(self, people: list[str], members: list[str]) -> FakeTenant:
        """Let every later read be of these people and these members of the team only."""
        office, whole = self.office, self.office.tenant
        part = FakeTenant(page_size=1)
        for person in people:
            part.people[person] = whole.people[person]
        part.products = whole.products  # type: ignore[method-assign]
        for known in whole.groups.values():
            part.add_group(known.name, known.id)
            part.groups[known.id] = known
        for group, inside in ((self.bundle.target.group, people), (self.team, members)):
            part.join(group, *inside)
        part.tokens_of = whole.tokens_of + 1  # whatever was read before, its token is dead
        office.directory.tenant = part
        return part

    async def is_held(self, *sentences: str) -> None:
        """See that the run is done, nothing sent, and the reason told."""
        office = self.office
        office.clock.advance(300)
        run = await office.run()
        await office.deliver_all()
        assert (run.state, run.changes) == (RunState.DONE, 0)
        assert office.members(self.bundle) == self.holders
        (plan,) = await office.jobs.plans(self.bundle.id, "held")
        (status,) = (await office.jobs.status()).bundles
        assert status.held == 1
        for sentence in sentences:
            assert sentence in " ".join(plan.held)
            assert sentence in str(status.reason)


async def shrinking() -> Shrinking:
    office = Office()
    team = office.tenant.add_group("Team")
    bundle = await office.offer("e3", policy={"groups": [team]})
    for number in range(MANY):
        await office.hire(f"P{number}", "Sales", team)
    await office.settle()
    assert len(office.members(bundle)) == MANY
    return Shrinking(bundle, team, office)


async def test_a_resync_that_finds_far_fewer_members_revokes_nothing() -> None:
    company = await shrinking()
    company.answer_with(company.people, company.people[:12])
    await company.is_held("has lost 18 of 30 people", "18 revokes would follow")
    assert "inventory.resync" in company.office.log.events()


async def test_a_resync_that_finds_far_fewer_people_revokes_nothing() -> None:
    company = await shrinking()
    company.answer_with(company.people[:12], company.people[:11])
    await company.is_held("The tenant has lost 18 of 30 people")


async def test_so_does_one_that_was_gone_on_with_half_way() -> None:
    company = await shrinking()
    company.answer_with(company.people[:16], company.people[:11])
    office = company.office
    assert await take_inventory(office.ports, office.clock.now() - timedelta(seconds=1)) is None
    status = await office.jobs.status()
    assert status.reading
    assert status.reading.pages > 0
    assert "inventory.unfinished" in office.log.events()
    await company.is_held("The tenant has lost 14 of 30 people")


async def test_a_loss_of_which_nothing_follows_at_first_is_not_believed_either() -> None:
    """Who is not in the inventory is revoked nothing; who comes back, and alone, would be."""
    company = await shrinking()
    company.answer_with(company.people[:12], company.people[:12])
    company.office.clock.advance(300)
    assert (await company.office.run()).changes == 0
    assert "source.doubted" in company.office.log.events()
    (status,) = (await company.office.jobs.status()).bundles
    assert status.held == 0
    assert Loss("tenant", before=30, now=12) in status.doubted
    company.answer_with(company.people, company.people[:12]).tokens_of += 1
    await company.is_held("has lost 18 of 30 people", "18 revokes would follow")
