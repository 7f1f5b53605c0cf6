"""Whatever the order of messages, crashes and moves, things end where once in order would.

Hypothesis plays schedules on the fakes: people move, runs compile, messages are delivered in any
order, twice, late or never, and the process dies before or after any step. Meanwhile operators
pause, protect, release and refuse, and switch bundles to a dry run and back. At the end everything
is allowed to settle, and then membership is exactly what policy says and every row has ended.
"""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.bundle import Bundle
from domain.errors import Held
from domain.jobs.sweep import LOST_AFTER
from domain.message import hint_message
from domain.ports import Hint
from tests.fakes.faults import Crash
from tests.fakes.queue import SentPage
from tests.unit.office import Office

SEATS = 3
CRASHES = [
    ("ledger", "decide"),
    ("ledger", "record"),
    ("ledger", "mark_sent"),
    ("ledger", "keep_head"),
    ("ledger", "wait"),
    ("queue", "send_pages"),
    ("targets", "carry_out"),
    ("plans", "keep"),
    ("warehouse", "swap"),
    ("directory", "close_up"),
]


BOSSES = {"rule": 'user.jobTitle -eq "Boss"'}
STRICT = {"revokes": {"percent": None, "count": 0}, "grants": {"percent": None}}


class Schedules(RuleBasedStateMachine):
    """Two bundles that share a scarce product, one of plenty, one that is better than another, one
    that asks before each revoke, and people who keep moving."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        self.people: list[str] = []
        self.delivered: list[SentPage] = []
        self.offers: list[Bundle] = []
        self.stranger = ""
        self.frozen: dict[str, frozenset[str]] = {}
        """Of bundles that must not be written now: their members since then."""
        self.kept: dict[str, set[str]] = {}
        """Of protected people: the bundles they have held since then."""
        self.paused = False
        self.dry: set[str] = set()

    def play(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something; a crash that was ordered ends it, as a SIGKILL would."""
        try:
            asyncio.run(work)
        except Crash:
            self.office.warehouse._busy = False  # a lease runs out by itself

    @initialize()
    def open_the_office(self) -> None:
        asyncio.run(self._open())

    async def _open(self) -> None:
        office = self.office
        scarce = office.tenant.add_product("SCARCE", SEATS)
        office.tenant.add_group("Elsewhere")
        self.offers = [
            await office.offer("one", sku=scarce),
            await office.offer("two", sku=scarce, policy={"rule": 'user.country -eq "Kenya"'}),
            await office.offer("keep", unmanaged="keep"),
            await office.offer("plain", grace="1h"),
            await office.offer("best", policy=BOSSES, supersedes=["plain"]),
            await office.offer("strict", limits=STRICT),
        ]
        self.stranger = await office.hire("Stranger", "IT", self.offers[2].target.group)
        for name in ("Ada", "Ben", "Cleo", "Dee"):
            self.people.append(await office.hire(name, "IT"))

    @rule(
        who=st.integers(0, 3),
        department=st.sampled_from(["Sales", "IT"]),
        country=st.sampled_from(["Kenya", "Chile"]),
        title=st.sampled_from(["Boss", None]),
    )
    def move(self, who: int, department: str, country: str, title: str | None) -> None:
        person = self.people[who]
        self.office.tenant.move(person, department=department, country=country, jobTitle=title)

    @rule()
    def run(self) -> None:
        self.play(self.office.run())

    @rule(who=st.integers(0, 3))
    def hint(self, who: int) -> None:
        body = hint_message(Hint(people=(self.people[who],)))
        self.play(self.office.jobs.recompile(body, "hint"))

    @precondition(lambda self: self.office.queue.pages)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Any message, whatever its turn; one that crashes stays on the queue."""
        message = data.draw(st.sampled_from(self.office.queue.pages))
        self.delivered.append(message)
        self.play(self._deliver(message))

    async def _deliver(self, message: SentPage) -> None:
        await self.office.deliver(message)
        self.office.queue.pages.remove(message)

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        self.play(self.office.deliver(data.draw(st.sampled_from(self.delivered))))

    @precondition(lambda self: self.office.queue.pages)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        self.office.queue.pages.remove(data.draw(st.sampled_from(self.office.queue.pages)))

    @rule()
    def confirm(self) -> None:
        self.play(self.office.jobs.confirm())

    @rule(seconds=st.sampled_from([1, 61, 200, 2000]))
    def pass_time(self, seconds: int) -> None:
        self.office.clock.advance(seconds)
        self.play(self.office.jobs.sweep())

    @rule(crash=st.sampled_from(CRASHES), before=st.booleans())
    def order_a_crash(self, crash: tuple[str, str], before: bool) -> None:
        getattr(self.office, crash[0]).fail_next(crash[1], before=before)

    # What people switch by hand.

    @rule(paused=st.booleans())
    def pause_or_resume(self, paused: bool) -> None:
        jobs = self.office.jobs
        asyncio.run(jobs.pause("ben", "audit") if paused else jobs.resume("ben", "done", "r"))
        self.paused = paused
        self._freeze()

    @rule(which=st.sampled_from(["two", "plain", "best"]), dry=st.booleans())
    def switch_to_a_dry_run_or_back(self, which: str, dry: bool) -> None:
        asyncio.run(self._switch(which, dry=dry))

    async def _switch(self, which: str, *, dry: bool) -> None:
        stored = await self.office.bundles.get(which)
        assert stored is not None
        changed = stored.bundle.model_copy(update={"mode": "dry-run" if dry else "live"})
        await self.office.bundles.put([changed], "ben", self.office.clock.now())
        self.dry = self.dry | {which} if dry else self.dry - {which}
        self._freeze()

    def _freeze(self) -> None:
        """Remember who is in the bundles that must not be written from now on."""
        frozen = {one.id for one in self.offers if self.paused or one.id in self.dry}
        now = {one.id: self.office.members(one) for one in self.offers if one.id in frozen}
        self.frozen = now | {id: who for id, who in self.frozen.items() if id in frozen}

    @rule(who=st.integers(0, 3), protect=st.booleans())
    def protect_or_not(self, who: int, protect: bool) -> None:
        person, jobs = self.people[who], self.office.jobs
        if protect:
            asyncio.run(jobs.protect(person, "ben", "on trial"))
            self.kept.setdefault(person, set())
        else:
            asyncio.run(jobs.unprotect(person, "ben", "over", "r"))
            self.kept.pop(person, None)

    @rule(release=st.booleans(), data=st.data())
    def decide_on_a_held_plan(self, release: bool, data: st.DataObject) -> None:
        """One that is not the newest any more, or that nobody may release, is refused politely."""
        jobs = self.office.jobs
        plans = [plan.id for plan in asyncio.run(jobs.plans(None)) if plan.state != "sent"]
        if not plans:
            return
        plan = data.draw(st.sampled_from(plans))
        self.play(self._decide(plan, release=release))

    async def _decide(self, plan: str, *, release: bool) -> None:
        jobs = self.office.jobs
        try:
            await (jobs.release(plan, "ada", "r") if release else jobs.refuse(plan, "ada", "no"))
        except Held:
            return
        if release:
            await self.office.follow_hints()

    # What holds at any time.

    @invariant()
    def no_one_protected_loses_anything(self) -> None:
        for person, bundles in self.kept.items():
            now = {one.id for one in self.offers if person in self.office.members(one)}
            assert bundles <= now
            bundles |= now

    @invariant()
    def nothing_is_written_while_paused_or_in_a_dry_run(self) -> None:
        for one in self.offers:
            assert self.frozen.get(one.id, self.office.members(one)) == self.office.members(one)

    @invariant()
    def seats_are_never_oversold(self) -> None:
        holding = {p for bundle in self.offers[:2] for p in self.office.members(bundle)}
        assert len(holding) <= SEATS

    @invariant()
    def no_one_outside_reach_is_touched(self) -> None:
        if self.offers:
            assert self.stranger in self.office.members(self.offers[2])

    def teardown(self) -> None:
        if self.offers:
            for holder in ("ledger", "queue", "targets", "plans", "warehouse", "directory"):
                getattr(self.office, holder)._faults.clear()
            asyncio.run(self._settle())

    async def _settle(self) -> None:
        """Let time pass, the sweeper find what was lost, and everything be delivered."""
        office = self.office
        await self._switch_all_back()
        for _ in range(3):
            office.clock.advance((LOST_AFTER + timedelta(minutes=2)).total_seconds())
            await office.jobs.sweep()
            await office.deliver_all()
            await office.jobs.confirm()
        await office.settle()
        office.clock.advance(3700)  # every grace is over
        await self._release_all()
        await office.settle()
        self._check_membership()
        assert not await office.open_rows()
        for bundle in self.offers:
            assert not (await office.ledger.standing(bundle.id)).pages

    async def _switch_all_back(self) -> None:
        await self.office.jobs.resume("ben", "the end", "r")
        for person in self.people:
            await self.office.jobs.unprotect(person, "ben", "the end", "r")
        for which in sorted(self.dry):
            await self._switch(which, dry=False)
        self.kept.clear()
        self.frozen.clear()

    async def _release_all(self) -> None:
        for _ in range(3):
            await self.office.run()
            plans = await self.office.jobs.plans(None)
            for plan in plans:
                if plan.state in ("held", "refused"):
                    await self._decide(plan.id, release=True)
            await self.office.deliver_all()
            await self.office.jobs.confirm()
            self.office.clock.advance(300)

    def _check_membership(self) -> None:
        people = self.office.tenant.people
        sales = {p for p in self.people if people[p].attributes["department"] == "Sales"}
        kenya = {p for p in self.people if people[p].attributes.get("country") == "Kenya"}
        boss = {p for p in self.people if people[p].attributes.get("jobTitle") == "Boss"}
        one, two, keep, plain, best, strict = map(self.office.members, self.offers)
        assert plain == sales - boss
        assert best == boss
        assert strict == sales
        assert keep == sales | {self.stranger}
        assert one <= sales
        assert two <= kenya
        wanted = sales | kenya
        assert len(one | two) == min(SEATS, len(wanted))


Schedules.TestCase.settings = settings(
    max_examples=80, stateful_step_count=30, deadline=None, derandomize=True
)
TestSchedules = Schedules.TestCase
