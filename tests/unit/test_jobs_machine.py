"""Whatever the order of messages, crashes and moves, things end where once in order would.

Hypothesis plays schedules on the fakes: people move, runs compile, messages are delivered in any
order, twice, late or never, and the process dies before or after any step. At the end everything is
allowed to settle, and then membership is exactly what policy says and every ledger row has ended.
"""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.bundle import Bundle
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


class Schedules(RuleBasedStateMachine):
    """Two bundles that share a scarce product, one of plenty, and people who keep moving."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        self.people: list[str] = []
        self.delivered: list[SentPage] = []
        self.offers: list[Bundle] = []
        self.stranger = ""

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
        ]
        self.stranger = await office.hire("Stranger", "IT", self.offers[2].target.group)
        for name in ("Ada", "Ben", "Cleo", "Dee"):
            self.people.append(await office.hire(name, "IT"))

    @rule(
        who=st.integers(0, 3),
        department=st.sampled_from(["Sales", "IT"]),
        country=st.sampled_from(["Kenya", "Chile"]),
    )
    def move(self, who: int, department: str, country: str) -> None:
        self.office.tenant.move(self.people[who], department=department, country=country)

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
        for _ in range(3):
            office.clock.advance((LOST_AFTER + timedelta(minutes=2)).total_seconds())
            await office.jobs.sweep()
            await office.deliver_all()
            await office.jobs.confirm()
        await office.settle()
        self._check_membership()
        assert not await office.open_rows()
        for bundle in self.offers:
            assert not (await office.ledger.standing(bundle.id)).pages

    def _check_membership(self) -> None:
        people = self.office.tenant.people
        sales = {p for p in self.people if people[p].attributes["department"] == "Sales"}
        kenya = {p for p in self.people if people[p].attributes.get("country") == "Kenya"}
        one, two, keep = (self.office.members(bundle) for bundle in self.offers)
        assert keep == sales | {self.stranger}
        assert one <= sales
        assert two <= kenya
        wanted = sales | kenya
        assert len(one | two) == min(SEATS, len(wanted))


Schedules.TestCase.settings = settings(
    max_examples=120, stateful_step_count=30, deadline=None, derandomize=True
)
TestSchedules = Schedules.TestCase
