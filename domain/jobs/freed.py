"""Freed: whoever is seen to hold what she waited for may lose what she kept until then.

Without a look at her she would keep it until everything is compiled the next time.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from domain.decision.draft import HURRIED
from domain.jobs.hinting import send_hints
from domain.jobs.request import request_soon
from domain.ledger import Page
from domain.ports import Hint, Ports
from domain.watching.notice import Mention, Notice, What


@dataclass(slots=True)
class Freed:
    """People who were seen to hold what they kept something else for."""

    hurried: set[str] = field(default_factory=set)
    """Somebody waits for these, and they are few."""
    others: int = 0
    pending: bool = False
    """More is on its way, and will free more people."""

    def add(self, page: Page, people: Collection[str]) -> None:
        """Add people who were freed by what is seen of a page."""
        if page.urgent:
            self.hurried.update(people)
        else:
            self.others += len(people)


async def have_looked_at(ports: Ports, freed: Collection[Freed]) -> None:
    """Have people looked at again: a few at once, and many by one run when all are there.

    Raises:
        Later: the storage or the queue cannot take it now; the next compile of everything sees to
            it.
    """
    people = sorted(set().union(*(each.hurried for each in freed)))
    many = len(people) > HURRIED
    if people and not many:
        now, told = ports.clock.now(), tuple(Mention(What.FREED, person) for person in people)
        trace = ports.telemetry.trace()
        await ports.notices.keep([Notice(f"freed-{people[0]}", now, told, trace=trace)])
        await send_hints(ports, [Hint(notices=True)], now)
    others = many or any(each.others for each in freed)
    if others and not any(each.pending for each in freed):
        await request_soon(ports, "people hold by now what they kept something else for")
