"""Jobs: gather, let pure functions decide, carry out. One job, one file; `Jobs` has them all."""

from domain.jobs.compile import compile_everything
from domain.jobs.confirm import confirm
from domain.jobs.dead_letters import bury
from domain.jobs.explain import Explanation, explain
from domain.jobs.fulfill import fulfill_message
from domain.jobs.health import Health, health
from domain.jobs.inventory import take_inventory
from domain.jobs.notified import lifecycle, notified
from domain.jobs.recompile import recompile_message
from domain.jobs.run import request_run
from domain.jobs.status import Status, status
from domain.jobs.store import store_bundle
from domain.jobs.sweep import sweep
from domain.jobs.watch import renew_watches
from domain.ports import Ports
from domain.records import Run, StoredBundle, StoredPlan

PLANS_LISTED = 100


class Jobs:
    """Every job, bound to the ports it works with; what the triggers hand over to."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    # Timers.

    async def inventory(self) -> None:
        """Make the next snapshot of the tenant."""
        await take_inventory(self._ports)

    async def compile(self, run: str) -> None:
        """Compile every bundle against the latest snapshot."""
        await compile_everything(self._ports, run)

    async def confirm(self) -> None:
        """Close the changes whose effect is seen."""
        await confirm(self._ports)

    async def sweep(self) -> None:
        """Send again what never reached the queue."""
        await sweep(self._ports)

    async def bury_dead_letters(self) -> None:
        """Turn dead letters into failed outcomes."""
        await bury(self._ports)

    async def renew_watches(self) -> None:
        """Keep the change subscriptions alive."""
        await renew_watches(self._ports)

    # Queues and webhooks.

    async def fulfill(self, body: bytes, message: str) -> None:
        """Carry out the page a message names."""
        await fulfill_message(self._ports, body, message)

    async def recompile(self, body: bytes, message: str) -> None:
        """Follow the hint in a message."""
        await recompile_message(self._ports, body, message)

    async def notified(self, body: bytes, run: str) -> None:
        """Queue hints for a body of change notifications."""
        await notified(self._ports, body, run)

    async def lifecycle(self, body: bytes, run: str) -> None:
        """Follow a body of lifecycle notifications."""
        await lifecycle(self._ports, body, run)

    # People.

    async def bundles(self) -> list[StoredBundle]:
        """List the stored bundles."""
        return await self._ports.bundles.all()

    async def bundle(self, bundle: str) -> StoredBundle | None:
        """Return one bundle, or None."""
        return await self._ports.bundles.get(bundle)

    async def bundle_history(self, bundle: str) -> list[StoredBundle] | None:
        """Return every version of a bundle, newest first, or None."""
        return await self._ports.bundles.history(bundle) or None

    async def store_bundle(self, bundle: str, text: str, by: str) -> StoredBundle:
        """Validate and store one bundle."""
        return await store_bundle(self._ports, bundle, text, by)

    async def plans(self, bundle: str | None) -> list[StoredPlan]:
        """List the newest plans, of one bundle or of all."""
        return await self._ports.plans.recent(PLANS_LISTED, bundle)

    async def plan(self, plan: str) -> StoredPlan | None:
        """Return one plan with its changes, or None."""
        return await self._ports.plans.get(plan)

    async def start_run(self, run: str) -> Run:
        """Queue an inventory and compile of everything under this id."""
        return await request_run(self._ports, run)

    async def run(self, run: str) -> Run | None:
        """Return how far a run has come, or None."""
        return await self._ports.runs.get(run)

    async def explain(self, person: str) -> Explanation | None:
        """Say what a person holds and waits for, and why; None for nobody."""
        return await explain(self._ports, person)

    async def status(self) -> Status:
        """Say how everything stands."""
        return await status(self._ports)

    async def health(self) -> Health:
        """Say whether the storage is reached and how old the inventory is."""
        return await health(self._ports)
