"""A small company on fakes: the whole cycle can be played in memory, a message at a time."""

from typing import Any

from domain.bundle import Bundle
from domain.change import Change
from domain.decision.known import Known
from domain.jobs import Jobs
from domain.kinds import FURTHER
from domain.ledger import Row
from domain.message import hint_message, page_message
from domain.ports import Hint, Ports
from domain.records import Run
from tests.fakes.clock import FakeClock
from tests.fakes.directory import FakeDirectory, FakeTargets
from tests.fakes.ledger import FakeLedger
from tests.fakes.log import FakeLog
from tests.fakes.notices import FakeNotices
from tests.fakes.queue import FakeQueue, SentPage
from tests.fakes.records import FakeBundles, FakePlans, FakeRuns
from tests.fakes.shelves import FakeShelves
from tests.fakes.sources import FakeSources
from tests.fakes.switches import FakeSwitches
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.tenant import FakeTenant
from tests.fakes.warehouse import FakeWarehouse
from tests.fakes.watches import FakeWatches

SALES = {"rule": 'user.department -eq "Sales"'}


class Office:
    """A tenant, the fakes over it, and the jobs on top."""

    def __init__(self) -> None:
        self.tenant = FakeTenant()
        self.clock = FakeClock()
        self.directory = FakeDirectory(self.tenant)
        self.targets = FakeTargets(self.tenant)
        self.warehouse = FakeWarehouse()
        self.ledger = FakeLedger()
        self.bundles = FakeBundles()
        self.plans = FakePlans()
        self.runs = FakeRuns()
        self.queue = FakeQueue()
        self.watches = FakeWatches()
        self.notices = FakeNotices()
        self.switches = FakeSwitches()
        self.shelves = FakeShelves()
        self.sources = FakeSources()
        self.log = FakeLog()
        self.telemetry = FakeTelemetry()
        self.ports = Ports(
            self.directory,
            self.targets,
            self.warehouse,
            self.ledger,
            self.bundles,
            self.plans,
            self.runs,
            self.queue,
            self.watches,
            self.notices,
            self.switches,
            self.shelves,
            self.sources,
            self.clock,
            self.log,
            kinds=frozenset(kind.name for kind in FURTHER),
            telemetry=self.telemetry,
        )
        self.jobs = Jobs(self.ports)
        self._runs = 0

    async def hire(self, name: str, department: str, *groups: str) -> str:
        person = self.tenant.add_person(name, department=department)
        for group in groups:
            self.tenant.join(group, person)
        return person

    async def offer(
        self, name: str, seats: int = 100, sku: str | None = None, **fields: Any
    ) -> Bundle:
        """Store a bundle over a new license group; by default for Sales, unmanaged removed."""
        sku = sku or self.tenant.add_product(name.upper(), seats)
        target = self.tenant.add_group(f"LIC-{name}")
        self.tenant.license_group(target, sku)
        document = {
            "id": name,
            "name": name,
            "target": {"group": target},
            "products": [{"sku": sku}],
            "policy": SALES,
            "unmanaged": "remove",
            "limits": {"revokes": {"percent": 100}, "grants": {"percent": None}},
            **fields,
        }
        bundle = Bundle.model_validate(document)
        await self.bundles.put([bundle], "tests", self.clock.now())
        return bundle

    async def run(self) -> Run:
        """Inventory and compile now; nothing is delivered."""
        self._runs += 1
        run = f"run-{self._runs}"
        await self.jobs.recompile(f'{{"version": 1, "run": "{run}"}}'.encode(), f"m-{run}")
        finished = await self.runs.get(run)
        assert finished is not None
        return finished

    async def deliver(self, message: SentPage) -> None:
        await self.jobs.fulfill(page_message(message.bundle, message.page), message.message)

    async def deliver_all(self) -> None:
        """Deliver what is due until the queue is empty; what waits for later stays."""
        while due := [m for m in self.queue.pages if m.due <= self.clock.now()]:
            for message in due:
                self.queue.pages.remove(message)
                await self.deliver(message)

    async def hint(self, *people: str) -> None:
        """Have these people decided about from a hint, and deliver what comes of it."""
        await self.queue.send_hints([Hint(people)], self.clock.now())
        for sent in [sent for sent in self.queue.hints if sent.hint.people]:
            self.queue.hints.remove(sent)
            await self.jobs.recompile(hint_message(sent.hint), sent.message)
        await self.deliver_all()

    async def put(self, each: Bundle, **fields: Any) -> Bundle:
        """Store a bundle with some fields changed."""
        changed = Bundle.model_validate(each.model_dump() | fields)
        await self.bundles.put([changed], "tests", self.clock.now())
        return changed

    async def follow_hints(self) -> None:
        while self.queue.hints:
            sent = self.queue.hints.pop(0)
            await self.jobs.recompile(hint_message(sent.hint), sent.message)

    async def follow_due_hints(self) -> None:
        """Follow what is due, and what becomes so by that."""
        while due := [sent for sent in self.queue.hints if sent.due <= self.clock.now()]:
            for sent in due:
                self.queue.hints.remove(sent)
                await self.jobs.recompile(hint_message(sent.hint), sent.message)

    async def settle(self) -> None:
        """Run, deliver and confirm until a run finds nothing to change."""
        for _ in range(10):
            self.clock.advance(300)
            run = await self.run()
            assert run.reason is None
            await self.deliver_all()
            await self.jobs.confirm()
            if not run.changes and not self.queue.pages:
                return
        raise AssertionError("still something to change after ten runs")

    def members(self, bundle: Bundle) -> frozenset[str]:
        return self.tenant.members(bundle.target.group)

    async def row(self, bundle: Bundle, person: str) -> Row:
        """Return the last decision about a person, ended or on its way."""
        standing = await self.ledger.standing(bundle.id)
        rows = await self.ledger.rows(bundle.id, [person])
        row = Known(bundle, standing.head, standing.pages, rows=rows).row(person)
        assert row is not None
        return row

    async def open_rows(self) -> list[Change]:
        """Return every change that has not ended."""
        standings = [await self.ledger.standing(one.bundle.id) for one in await self.bundles.all()]
        return [change for each in standings for page in each.pages for change in page.open()]
