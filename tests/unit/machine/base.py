"""What every part of the machine stands on: the office, who works in it, and what may happen."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, initialize

from domain.bundle import Bundle
from domain.errors import SeatflowError
from domain.outcome import LicenseState
from domain.records import StoredBundle
from tests.fakes.faults import Crash
from tests.tried import count
from tests.unit.machine.policies import FIELDS, VARIANTS, names
from tests.unit.machine.story import Story
from tests.unit.machine.witness import Witness
from tests.unit.office import Office

SEATS = 3
BEGINNERS = {
    "Ada": {"department": "Sales", "country": "Kenya"},
    "Ben": {"department": "Sales", "jobTitle": "Boss"},
    "Cleo": {"department": "IT", "country": "Kenya"},
    "Dee": {"department": "IT"},
}
HOLDERS = (
    "ledger",
    "notices",
    "queue",
    "targets",
    "plans",
    "warehouse",
    "directory",
    "runs",
    "bundles",
    "switches",
)


class Base(RuleBasedStateMachine):
    """Six bundles, four people to begin with, and a stranger whom no bundle concerns."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self.office = Office()
        self.story = Story(self.office.ledger)
        self.witness = Witness(self.office, self.story)
        self.scarce = self.office.tenant.add_product("SCARCE", SEATS)
        self.offers: dict[str, Bundle] = {}
        """As they were at the beginning: the target and the products stay."""
        self.people: list[str] = []
        self.stranger = ""
        self.by_hand: set[tuple[str, str]] = set()
        """(bundle, person): whom somebody ever put in or took out by hand."""
        self.left_by_hand: set[tuple[str, str]] = set()
        """The same, of those taken out in the last step."""
        self.disturbed = False
        """Seats came or went, and no inventory has seen it yet."""
        self.ever_disturbed = False
        self._number = 0
        self.steps = 0

    @initialize()
    def open_the_office(self) -> None:
        self.run_now(self._open())

    async def _open(self) -> None:
        office = self.office
        for id, fields in FIELDS.items():
            sku = self.scarce if id in ("one", "two") else None
            policy = {"rule": VARIANTS[id][0].rule}
            self.offers[id] = await office.offer(id, sku=sku, policy=policy, **fields)
        await office.jobs.renew_watches()
        self.stranger = await office.hire("Stranger", "Legal", self.group("keep"))
        for name, attributes in BEGINNERS.items():
            self.people.append(office.tenant.add_person(name, **attributes))

    def run_now[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Do something that nothing interrupts."""
        return self._runner.run(work)

    def play(self, work: Coroutine[Any, Any, Any]) -> bool:
        """Do something; a crash that was ordered ends it, as a SIGKILL would.

        What is refused with a reason is no crash. Return whether it came to its end.
        """
        try:
            self._runner.run(work)
        except (Crash, SeatflowError):
            return False
        return True

    def name(self, what: str) -> str:
        """Return a name that nothing had before."""
        self._number += 1
        return f"{what}-{self._number}"

    def group(self, bundle: str) -> str:
        """Return a bundle's target."""
        return self.offers[bundle].target.group

    def sku(self, bundle: str) -> str:
        """Return a bundle's product."""
        return self.offers[bundle].skus()[0]

    def members(self, bundle: str) -> frozenset[str]:
        """Return the members of a bundle's target."""
        return self.office.tenant.members(self.group(bundle))

    def license(self, bundle: str, person: str) -> LicenseState | None:
        """Return a person's license of a bundle, by its target."""
        states = self.office.tenant.states(person)
        mine = [each for each in states if each.group == self.group(bundle)]
        return next((each for each in mine if each.sku == self.sku(bundle)), None)

    def active(self, bundle: str, person: str) -> bool:
        """Tell whether a person holds a bundle's license, by its target."""
        license = self.license(bundle, person)
        return license is not None and license.active

    def named(self, bundle: Bundle) -> set[str]:
        """Return whom a bundle's policy names now."""
        people = self.office.tenant.people
        return {person for person in people if names(bundle, people[person])}

    async def stored(self) -> dict[str, StoredBundle]:
        """Return the bundles as they are stored now."""
        return {each.bundle.id: each for each in await self.office.bundles.all()}

    def disturb(self) -> None:
        """Remember that seats came or went by somebody else's doing."""
        self.disturbed = self.ever_disturbed = True

    def teardown(self) -> None:
        try:
            if self.offers:
                for holder in HOLDERS:
                    getattr(self.office, holder)._faults.clear()
                self.run_now(self.settle())
        finally:
            count("in memory", self.steps)
            self._runner.close()

    async def settle(self) -> None:
        """Let everything come to rest, and assert where it came to."""
        raise NotImplementedError
