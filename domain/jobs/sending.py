"""The turn to decide, and what is sent in it.

What is decided is written down while the turn is held, and that is all that needs it: the messages
go on the queue when it is given back. One that dies in between leaves them to the sweeper.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from domain.errors import SeatflowError
from domain.ledger import Page
from domain.plan import Plan, PlanState
from domain.ports import Ports, Turn


@dataclass(slots=True)
class Sending:
    """The plans of one turn on their way out."""

    turn: Turn
    urgent: bool = False
    """People wait for this, so it gives way to nobody."""
    pages: list[Page] = field(default_factory=list)
    """Written down, and to be put on the queue."""
    left: list[str] = field(default_factory=list)
    """Bundles that were not seen to, because somebody urgent waits for the turn."""

    _begun: bool = False

    async def gives_way(self, plan: Plan) -> bool:
        """Tell whether a plan is left for another turn; the first of those sent never is.

        A compile that gives way is one that ended here, and the next one reads anew what it rests
        on: so nothing is decided on what somebody else has changed meanwhile.
        """
        if plan.state is not PlanState.SENT:
            return False
        if self._begun and (self.left or await self._is_wanted()):
            self.left.append(plan.bundle)
            return True
        self._begun = True
        return False

    async def _is_wanted(self) -> bool:
        return not self.urgent and await self.turn.wanted()


@asynccontextmanager
async def turn_to_send(
    ports: Ports, patience: float, *, urgent: bool = False
) -> AsyncIterator[Sending]:
    """Hold the turn to decide; put on the queue what was written down, once it is given back.

    Args:
        patience: seconds to wait for the turn while another compile holds it.
        urgent: whoever holds it is asked to give way.

    Raises:
        Later: another compile holds the turn for longer, or the queue cannot be reached.
    """
    sending: Sending | None = None
    try:
        async with ports.warehouse.turn(patience, urgent=urgent) as turn:
            sending = Sending(turn, urgent)
            yield sending
    except SeatflowError:
        await put_on_queue(ports, sending.pages if sending else ())
        raise
    await put_on_queue(ports, sending.pages)


async def put_on_queue(ports: Ports, pages: Sequence[Page]) -> None:
    """Send pages that are written down, then note that they were; the sweeper sends the others.

    What is urgent goes first, and what has one target together: each in the order it was written.
    """
    if pages:
        ordered = sorted(pages, key=lambda page: (not page.urgent, page.target))
        await ports.queue.send_pages(ordered, ports.clock.now())
        await ports.ledger.mark_sent(pages)
