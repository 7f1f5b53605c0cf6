"""Write down: put what was decided into the ledger, to be sent, held or shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.concurrency import each
from domain.decision.known import Known
from domain.errors import Conflict, Later
from domain.head import Head
from domain.jobs.decide import Decided
from domain.jobs.send import send_plan
from domain.jobs.sending import Sending
from domain.jobs.undo import follow_policy
from domain.plan import Plan
from domain.ports import Ports


async def write_down(ports: Ports, decided: Decided, run: str, sending: Sending) -> list[Plan]:
    """Write down the plans, of which those are sent that no guard holds; the caller has the turn.

    Several bundles are written at a time.

    Args:
        run: names this piece of work in plans and logs.

    Returns:
        The plans, but for those that are left for another turn.

    Raises:
        Later: the storage cannot answer now.
    """
    known: Mapping[str, Known] = decided.ground.known
    if decided.snapshot.whole:
        going = {plan.bundle for plan in decided.plans if not plan.holds}
        agreeing = [one for one in decided.differences if one.bundle.id in going]
        known = await follow_policy(ports, known, agreeing)
    writing = _Writing(ports, decided, known, run, sending)
    await each(writing.block, decided.blocked)
    await each(writing.send, decided.plans)
    if writing.trouble:
        raise writing.trouble[0]
    return [plan for plan in decided.plans if plan.bundle not in sending.left]


@dataclass(frozen=True, slots=True)
class _Writing:
    ports: Ports
    decided: Decided
    known: Mapping[str, Known]
    run: str
    sending: Sending
    trouble: list[Later] = field(default_factory=list)
    """What stops it. Bundles that are being written then come to their end, or half of them would
    be left open."""

    async def block(self, bundle: str) -> None:
        """Note on a bundle's head why it cannot be compared."""
        reason = self.decided.blocked[bundle]
        self.ports.log.note("bundle.held", bundle=bundle, reason=reason)
        await self._keep_head(replace(self.known[bundle].head, held=reason))

    async def send(self, plan: Plan) -> None:
        """Write down a plan, unless it is left for another turn."""
        if self.trouble:
            return
        known, stored = self.known[plan.bundle], self.decided.ground.stored[plan.bundle]
        if await self.sending.gives_way(plan):
            await self._keep_head(known.head)
            return
        snapshot, pages = self.decided.snapshot, self.sending.pages
        try:
            await send_plan(self.ports, plan, known, stored, snapshot, self.run, pages)
        except Conflict:
            # Someone decided about this bundle meanwhile; the next compile sees what they did.
            self.ports.log.note("plan.conflict", bundle=plan.bundle, run=self.run)
        except Later as error:
            self.trouble.append(error)

    async def _keep_head(self, head: Head) -> None:
        if head == self.decided.ground.stored[head.bundle]:
            return
        try:
            await self.ports.ledger.keep_head(head)
        except Conflict:
            # Someone decided about this bundle meanwhile; the others are compiled all the same.
            self.ports.log.note("plan.conflict", bundle=head.bundle)
