"""Where it ends: what is switched off, ordered or lost is made good, and then all must be right.

Licenses that Entra fails to give stay failing, seats that were lost stay lost, and what was undone
stays undone.
"""

from datetime import timedelta

from domain.bundle import Bundle
from domain.change import Action
from domain.errors import SeatflowError
from domain.ledger import CAME_TO_NOTHING, State
from tests.unit.machine.promises import Promises
from tests.unit.machine.traffic import Traffic
from tests.unit.machine.unrest import Unrest

_DAY = timedelta(hours=25).total_seconds()
"""Nothing is tried less often than once a day."""
_SCARCE = ("one", "two")


class Peace(Traffic, Unrest, Promises):
    """The end of a schedule."""

    async def settle(self) -> None:
        office, self.settling = self.office, True
        await self._call_everything_off()
        await self._let_messages_end()
        for _ in range(2):
            office.clock.advance(_DAY)
            await self._approve_everything()
            await office.settle()
        await self._look()
        await self._all_is_as_policy_says()
        await self._everything_has_ended()
        await self._the_history_agrees()

    async def _call_everything_off(self) -> None:
        office, jobs = self.office, self.office.jobs
        self.witness.forget_answers()
        office.tenant.resume_licensing()
        await jobs.resume("ben", "the end", self.name("resume"))
        for person in self.people:
            await jobs.unprotect(person, "ben", "the end", self.name("unprotect"))
        live = [self._as_at_first(one.bundle) for one in await office.bundles.all()]
        await office.bundles.put(live, "ben", office.clock.now())

    def _as_at_first(self, bundle: Bundle) -> Bundle:
        first = self.offers[bundle.id]
        kept = {"unmanaged": first.unmanaged, "grace": first.grace}
        return bundle.model_copy(update={"mode": "live", **kept})

    async def _let_messages_end(self) -> None:
        """Let time pass, the sweeper find what was lost, and everything be delivered."""
        office = self.office
        await office.follow_hints()
        for _ in range(12):
            await office.jobs.bury_dead_letters()
            await office.jobs.sweep()
            await office.deliver_all()
            await office.jobs.confirm()
            office.clock.advance(7_300)

    async def _approve_everything(self) -> None:
        jobs, office = self.office.jobs, self.office
        for _ in range(3):
            await office.run()
            for each in await jobs.licenses():
                await jobs.set_licenses(each.bundle, each.fingerprint, "ada", self.name("licenses"))
            for plan in await jobs.plans(None):
                if plan.state in ("held", "refused"):
                    await self._release(plan.id)
            await office.follow_hints()
            await office.deliver_all()
            await jobs.confirm()
            office.clock.advance(300)

    async def _release(self, plan: str) -> None:
        try:
            await self.office.jobs.release(plan, "ada", self.name("release"))
        except SeatflowError:
            return  # it is not the newest any more

    # Where everything came to.

    async def wanted(self, id: str) -> set[str]:
        """Return whom a bundle's policy names, with what is undone laid over it."""
        stored = (await self.stored())[id].bundle
        undone = list((await self.office.ledger.undone(id)).values())
        if not (await self.office.ledger.standing(id)).head.undone:
            undone = []  # a crash came between, and nobody asked again
        taken = {each.person for each in undone if each.action is Action.GRANT}
        given = {each.person for each in undone if each.action is Action.REVOKE}
        return (self.named(stored) | given) - taken

    async def _all_is_as_policy_says(self) -> None:
        wanted = {id: await self.wanted(id) for id in self.offers}
        best = wanted["best"]
        assert best <= self.members("best")
        keeping = {who for who in wanted["plain"] if not self.active("plain", who)}
        # Given back by undoing the run that let the better one take over, which stands.
        given = set(await self.office.ledger.undone("plain"))
        keeping |= given
        assert self.members("best") - best <= keeping  # until the other one is active
        superseded = {who for who in best if self.active("best", who)}
        plain = wanted["plain"] - superseded
        kept = set(await self.office.ledger.undone("best"))
        assert self.members("plain") - best - kept == plain - best - kept
        assert (superseded - kept - given).isdisjoint(self.members("plain"))
        for id in ("keep", "strict"):
            extra = self.members(id) - wanted[id]
            assert wanted[id] <= self.members(id)
            # Of the disowned see test_schedules_found.py.
            known = self.by_hand | self.story.disowned | {("keep", self.stranger)}
            assert all((id, who) in known for who in extra), f"{id}: {extra} are in"
        for id in _SCARCE:
            await self._scarce_seats_are_used(id, wanted)
        self._targets_hand_out_what_bundles_say()

    async def _scarce_seats_are_used(self, id: str, wanted: dict[str, set[str]]) -> None:
        (other,) = {*_SCARCE} - {id}
        moving = {who for who in wanted[other] if not self.active(other, who)}
        # Of runs that gave both see test_schedules_found.py.
        undone = await self.office.ledger.undone(other)
        moving |= {who for who, each in undone.items() if each.action is Action.GRANT}
        extra = self.members(id) - wanted[id] - moving
        assert not extra, f"{id}: {extra} are in"
        product = self.office.tenant.products()[self.scarce]
        waiting = await self.office.ledger.waiting(id)
        for who in wanted[id]:
            if self.active(id, who):
                continue
            rows = await self.office.ledger.rows(id, [who])
            failed = who in rows and rows[who].state in CAME_TO_NOTHING
            assert failed or who in waiting, f"{id}: {who} has no license and no reason"
            spoilt = (who, self.scarce) in self.spoilt
            # Whoever is inside keeps her claim, though Entra may fail her for ever.
            inside = self.members("one") | self.members("two")
            kept = sum(not self._holds_scarce(one) for one in inside)
            full = product.consumed + kept >= product.seats
            assert spoilt or full, f"{id}: {who} waits before a seat"

    def _targets_hand_out_what_bundles_say(self) -> None:
        for id in self.offers:
            off = self.office.tenant.groups[self.group(id)].licenses[self.sku(id)]
            plans = self.new_plans.get(self.sku(id), set())
            assert set(off) <= plans
            for who in self.members(id):
                license = self.license(id, who)
                assert license is not None, f"{id}: {who} is in, and Entra knows nothing of it"
                spoilt = (who, self.sku(id)) in self.spoilt
                assert license.active or spoilt or id in _SCARCE, f"{id}: {license}"

    async def _everything_has_ended(self) -> None:
        ledger, queue = self.office.ledger, self.office.queue
        assert not await self.office.open_rows()
        assert (queue.pages, queue.hints, queue.dead) == ([], [], [])
        for id in self.offers:
            assert not (await ledger.standing(id)).pages
            rows = await ledger.rows_in(id, list(State))
            assert all(row.state not in (State.DECIDED, State.APPLIED) for row in rows)
            assert all(row.detail for row in rows if row.state in CAME_TO_NOTHING)

    async def _the_history_agrees(self) -> None:
        jobs = self.office.jobs
        assert all(not each.breaks for each in await jobs.verify_ledger())
        assert self.story.open() == set()
        held = (await jobs.held(None, None, None)).holdings
        for id in self.offers:
            told = {each.person for each in held if each.bundle == id}
            # Of those taken out by hand before an inventory see test_schedules_found.py.
            wrong = {(id, who) for who in told ^ self.members(id)} - self.by_hand
            assert not wrong, f"the history is wrong about {wrong}"
