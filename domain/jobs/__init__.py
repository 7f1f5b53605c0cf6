"""Jobs: gather, let pure functions decide, carry out. One job, one file; `Jobs` has them all."""

from collections.abc import Mapping
from dataclasses import replace

from domain.controls import ControlEvent, Controls, Switch
from domain.effect import Effect
from domain.explanation import Explanation
from domain.history import with_changes
from domain.jobs.compile import compile_everything
from domain.jobs.confirm import confirm
from domain.jobs.control import switch
from domain.jobs.dead_letters import bury
from domain.jobs.explain import explain
from domain.jobs.fulfill import fulfill_message
from domain.jobs.health import Health, health
from domain.jobs.inventory import take_inventory
from domain.jobs.names import names_of
from domain.jobs.notified import lifecycle, notified
from domain.jobs.push import Linted, Pushed, lint_files, push, store_bundle
from domain.jobs.recompile import recompile_message
from domain.jobs.release import refuse, release
from domain.jobs.run import request_run
from domain.jobs.status import Status, status
from domain.jobs.sweep import sweep
from domain.jobs.watch import renew_watches
from domain.jobs.whatif import whatif
from domain.ports import Ports
from domain.records import Run, StoredBundle, StoredPlan, StoredTenant

LISTED = 100
"""The newest plans, or uses of controls, that a list shows."""


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
        return with_changes(await self._ports.bundles.history(bundle)) or None

    async def store_bundle(self, bundle: str, text: str, by: str, run: str) -> StoredBundle | None:
        """Validate and store one bundle, and compile under the id `run`."""
        return await store_bundle(self._ports, bundle, text, by, run)

    async def push(self, files: Mapping[str, str], by: str, run: str) -> Pushed:
        """Validate and store every bundle in the files, or nothing; compile under the id `run`."""
        return await push(self._ports, files, by, run)

    async def lint(self, files: Mapping[str, str]) -> Linted:
        """Say what is wrong or suspicious about a candidate policy."""
        return await lint_files(self._ports, files)

    async def whatif(self, files: Mapping[str, str]) -> Effect:
        """Say what a candidate policy would change; nothing is written."""
        effect = await whatif(self._ports, files)
        return replace(effect, names=await names_of(self._ports, effect.people()))

    async def tenant(self) -> StoredTenant | None:
        """Return the tenant's policy, or None before the first."""
        return await self._ports.bundles.tenant()

    async def tenant_history(self) -> list[StoredTenant]:
        """Return every version of the tenant's policy, newest first."""
        return with_changes(await self._ports.bundles.tenant_history())

    async def plans(self, bundle: str | None, state: str | None = None) -> list[StoredPlan]:
        """List the newest plans, of one bundle or of all, in one state or in any."""
        plans = await self._ports.plans.recent(LISTED, bundle)
        return [plan for plan in plans if state in (None, plan.state)]

    async def release(self, plan: str, by: str, run: str) -> StoredPlan | None:
        """Approve a held plan's fingerprint and compile under the id `run`; None for no plan."""
        return await release(self._ports, plan, by, run)

    async def refuse(self, plan: str, by: str, because: str) -> StoredPlan | None:
        """Refuse a held plan; None for no plan."""
        return await refuse(self._ports, plan, by, because)

    async def controls(self) -> Controls:
        """Return how the controls stand."""
        controls = await self._ports.switches.read()
        return replace(controls, names=await names_of(self._ports, controls.protected))

    async def control_history(self) -> list[ControlEvent]:
        """Return the newest uses of controls, newest first."""
        return await self._ports.switches.history(LISTED)

    async def pause(self, by: str, reason: str) -> Controls:
        """Send and carry out nothing until someone resumes."""
        return await switch(self._ports, Switch.PAUSE, by, reason)

    async def resume(self, by: str, reason: str, run: str) -> Controls:
        """End the pause, and inventory and compile under the id `run`."""
        return await switch(self._ports, Switch.RESUME, by, reason, run=run)

    async def protect(self, person: str, by: str, reason: str) -> Controls:
        """Revoke nothing from a person from now on."""
        return await switch(self._ports, Switch.PROTECT, by, reason, person)

    async def unprotect(self, person: str, by: str, reason: str, run: str) -> Controls:
        """End a person's protection, and inventory and compile under the id `run`."""
        return await switch(self._ports, Switch.UNPROTECT, by, reason, person, run)

    async def plan(self, plan: str) -> StoredPlan | None:
        """Return one plan with its changes, or None."""
        found = await self._ports.plans.get(plan)
        return found and replace(found, names=await names_of(self._ports, found.people()))

    async def start_run(self, run: str) -> Run:
        """Queue an inventory and compile of everything under this id."""
        return await request_run(self._ports, run)

    async def run(self, run: str) -> Run | None:
        """Return how far a run has come, or None."""
        return await self._ports.runs.get(run)

    async def explain(self, person: str, bundle: str | None = None) -> Explanation | None:
        """Say what a person holds and waits for, and why; None for nobody."""
        return await explain(self._ports, person, bundle)

    async def status(self) -> Status:
        """Say how everything stands."""
        return await status(self._ports)

    async def health(self) -> Health:
        """Say whether the storage is reached and how old the inventory is."""
        return await health(self._ports)
