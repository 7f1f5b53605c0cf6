"""One simulated service: all parts, put together once."""

import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import asdict

from simulators.graph import background
from simulators.graph import tenant as tenants
from simulators.graph.audits import Audits
from simulators.graph.clock import Clock
from simulators.graph.crowd import Crowd
from simulators.graph.delta import Delta
from simulators.graph.directory import Directory
from simulators.graph.faults import Faults
from simulators.graph.licensing import Licensing
from simulators.graph.membership import Membership
from simulators.graph.notifier import Deliveries, Notifier
from simulators.graph.principals import Principals
from simulators.graph.printed import Printed
from simulators.graph.replica import Replica
from simulators.graph.seats import Seats
from simulators.graph.settings import Settings
from simulators.graph.shapes import Shapes
from simulators.graph.stats import Stats
from simulators.graph.subscriptions import Subscriptions
from simulators.graph.throttle import Throttle
from simulators.graph.tokens import Tokens
from simulators.graph.wire import JsonObject


class World:
    """Everything the service is made of."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.rng = random.Random(settings.seed)
        self.stats = Stats()
        self.faults = Faults(self.rng)
        self.directory = Directory(self.clock, settings)
        self.replica = Replica(self.directory, settings)
        self.shapes = Shapes(self.directory)
        self.tokens = Tokens(self.directory, self.clock)
        self.audits = Audits(self.directory, settings, self.clock)
        self.membership = Membership(self.directory, self.replica, settings, self.audits)
        self.seats = Seats(self.directory)
        self.licensing = Licensing(self.directory, self.seats, settings, self.clock)
        self.delta = Delta(self.directory, self.replica, settings, self.rng)
        self.throttle = Throttle(self.directory, settings, self.clock)
        self.principals = Principals(settings)
        self.subscriptions = Subscriptions(settings, self.clock)
        self.notifier = Notifier(self.directory, self.subscriptions, settings, self.clock, self.rng)
        self.load(tenants.tenant_from(b"{}"))

    def load(self, tenant: tenants.Tenant) -> None:
        """Replace the tenant; its group licenses are taken as processed."""
        tenants.load(tenant, self.directory)
        self.delta.printed = None
        self.licensing.load()
        self.throttle.reset()
        self.audits.clear()

    def gather(self, crowd: Crowd) -> None:
        """Let a crowd join the tenant, with licenses that nobody has to process."""
        crowd.join(self.directory)
        self.seats.unnamed |= crowd.seats()
        self.delta.printed = Printed()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the background work going while inside."""
        engine = background.start(self.licensing.run())
        try:
            yield
        finally:
            engine.cancel()
            await self.notifier.close()

    def statistics(self) -> JsonObject:
        """Return what was asked, what it cost and what is still under way."""
        return self.stats.document() | {
            "licensing": {"pending": self.licensing.pending},
            "notifications": self.notifications(),
        }

    def notifications(self) -> JsonObject:
        """Return what was delivered, what failed and what is on its way."""
        return asdict(self.notifier.counts) | {"pending": self.notifier.pending}

    def reset_statistics(self) -> None:
        """Count from zero."""
        self.stats = Stats()
        self.notifier.counts = Deliveries()
