"""Jobs: gather, let pure functions decide, carry out. One job, one file; `Jobs` has them all."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from domain.controls import ControlEvent, Controls, Switch
from domain.doctor import Diagnosis
from domain.errors import Busy, Never
from domain.explanation import Explanation
from domain.inventory.humans import Humans
from domain.jobs.compile import compile_everything
from domain.jobs.confirm import confirm
from domain.jobs.control import switch
from domain.jobs.dead_letters import bury
from domain.jobs.doctor import doctor
from domain.jobs.drift import drifted
from domain.jobs.explain import explain
from domain.jobs.follow import Line
from domain.jobs.fulfill import fulfill_message
from domain.jobs.governing import Governing
from domain.jobs.health import Health, health
from domain.jobs.inventory import take_inventory
from domain.jobs.ledger import HeldOn, History, Verified, held, history, verify_ledger
from domain.jobs.licenses import Licenses, licenses, set_licenses
from domain.jobs.looking import Looking
from domain.jobs.names import names_of
from domain.jobs.notified import notified
from domain.jobs.recompile import recompile_message
from domain.jobs.release import refuse, release
from domain.jobs.replay import Failures, Replayed, failures, replay, replay_message
from domain.jobs.request import request_run
from domain.jobs.shelve import shelve
from domain.jobs.status import Status, status
from domain.jobs.sweep import sweep
from domain.jobs.undo import Undo, UndoEnded, end_undoing, preview_undo, undo
from domain.jobs.watch import renew_watches
from domain.jobs.watches import Watching, watches
from domain.kinds import kind_named
from domain.ledger import Unreadable
from domain.ports import Ports
from domain.records import Run, StoredPlan

SAY_WHAT = "Name a bundle, people, or say that it is everything."

INVENTORY_TIME = timedelta(minutes=8)
"""For one run, of the ten minutes that host.json gives it; a large tenant takes several runs."""

LISTED = 100
"""The newest plans, or uses of controls, that a list shows."""


class Jobs(Governing, Looking):
    """Every job, bound to the ports it works with; what the triggers hand over to."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._humans = Humans()
        self._line = Line()

    # Timers.

    async def inventory(self) -> None:
        """Make the next snapshot of the tenant."""
        until = self._ports.clock.now() + INVENTORY_TIME
        try:
            await take_inventory(self._ports, until)
        except Busy as busy:
            self._ports.log.note("inventory.busy", reason=str(busy))

    async def shelve(self, kind: str) -> None:
        """Read one of the further kinds of facts, if it is due."""
        await shelve(self._ports, kind_named(kind))

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
        await recompile_message(self._ports, body, message, self._line)

    async def notified(self, body: bytes, id: str) -> None:
        """Take a body of change or lifecycle notifications."""
        await notified(self._ports, body, id)

    # People.

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

    async def undo(self, run: str, by: str, reason: str, new_run: str) -> Undo | None:
        """Turn round what a run did, and compile under the id `new_run`; None for no such run."""
        return await undo(self._ports, run, by, reason, new_run)

    async def preview_undo(self, run: str) -> Undo | None:
        """Say what undoing a run would turn round; nothing is written. None for no such run."""
        return await preview_undo(self._ports, run)

    async def end_undoing(self, run: str, by: str, reason: str, new_run: str) -> UndoEnded:
        """Leave those for whom a run was undone to policy again."""
        return await end_undoing(self._ports, run, by, reason, new_run)

    async def failures(self, bundle: str | None = None) -> Failures:
        """List the changes that came to nothing, and messages that nobody could read."""
        return await failures(self._ports, bundle)

    async def replay(
        self,
        bundle: str | None,
        people: Collection[str],
        everything: bool,
        by: str,
        reason: str,
        run: str,
    ) -> Replayed:
        """Try again what came to nothing, by a compile under the id `run`."""
        if not (bundle or people or everything):
            raise Never("Nothing is named that is to be tried again.", SAY_WHAT)
        return await replay(self._ports, bundle, people, by, reason, run)

    async def replay_message(self, message: str, by: str, reason: str) -> Unreadable | None:
        """Put back a message that nobody could read; None for no such message."""
        return await replay_message(self._ports, message, by, reason)

    async def licenses(self, bundle: str | None = None) -> list[Licenses]:
        """Say what is to be set on targets so that they hand out what their bundles say."""
        return await licenses(self._ports, bundle)

    async def set_licenses(
        self, bundle: str, fingerprint: str, by: str, run: str
    ) -> Licenses | None:
        """Set a target's licenses, exactly as shown; None for no such bundle."""
        return await set_licenses(self._ports, bundle, fingerprint, by, run)

    async def drift(
        self, bundle: str | None = None, since: str | None = None, found: bool | None = None
    ) -> History:
        """Return who came into targets, or left them, by someone else's hand."""
        return await drifted(self._ports, bundle, since, found)

    async def explain(self, person: str, bundle: str | None = None) -> Explanation | None:
        """Say what a person holds and waits for, and why; None for nobody."""
        return await explain(self._ports, person, bundle)

    async def status(self) -> Status:
        """Say how everything stands."""
        return await status(self._ports, self._humans)

    async def watches(self) -> Watching:
        """Say how the change subscriptions stand, and how far they can be relied on."""
        return await watches(self._ports)

    async def doctor(self) -> Diagnosis:
        """Say what is wrong with what the app rests on, with the fix."""
        return await doctor(self._ports)

    async def health(self) -> Health:
        """Say whether the storage is reached and how old the inventory is."""
        return await health(self._ports)

    async def verify_ledger(
        self, bundle: str | None = None, expect: str | None = None
    ) -> list[Verified]:
        """Say whether the history of one bundle, or of every bundle, is whole."""
        return await verify_ledger(self._ports, bundle, expect)

    async def history(
        self,
        bundle: str | None = None,
        person: str | None = None,
        run: str | None = None,
        since: str | None = None,
    ) -> History:
        """Return what the history tells, of all bundles and people or of some."""
        return await history(self._ports, bundle, person, run, since)

    async def held(self, on: str | None, bundle: str | None, person: str | None) -> HeldOn:
        """Return who held what at a moment, or does now, and why."""
        moment = on or self._ports.clock.now().isoformat()
        return await held(self._ports, moment, bundle, person)
