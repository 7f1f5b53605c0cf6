"""Freed: whoever is seen to hold what she waited for may lose what she kept until then.

Without a look at her she would keep it until everything is compiled the next time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from domain.bundle import Bundle
from domain.decision.draft import HURRIED
from domain.decision.relations import Relations
from domain.errors import SeatflowError
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


class Keeping:
    """Which bundles people keep only until they have something else; asked while confirming."""

    def __init__(self, ports: Ports, bundles: Iterable[Bundle]) -> None:
        self._ports = ports
        self._bundles = {bundle.id: bundle for bundle in bundles}
        self._relations = Relations(self._bundles.values())
        self._later: dict[str, bool] = {}

    async def until(self, bundle: str, groups: Collection[str]) -> frozenset[str]:
        """Return those of the groups that people may be in only until this bundle is active.

        Who holds a better bundle leaves the lesser one. Of others that share a product, whoever is
        entitled to both keeps both, so the ledger is asked whether anybody waits to leave.
        """
        worse = self._relations.worse(bundle)
        left = [
            other.target.group
            for other in map(self._bundles.__getitem__, worse | self._relations.sharing(bundle))
            if other.target.group in groups
            and (other.id in worse or await self._is_left_later(other.id))
        ]
        return frozenset(left)

    async def _is_left_later(self, bundle: str) -> bool:
        if bundle not in self._later:
            try:
                standing = await self._ports.ledger.standing(bundle)
            except SeatflowError:
                return True  # nobody can tell now, and what was confirmed is not seen again
            self._later[bundle] = standing.head.later > 0
        return self._later[bundle]


async def have_looked_at(ports: Ports, freed: Collection[Freed]) -> None:
    """Have people looked at again: a few at once, and many by one run when all are there.

    Raises:
        Later: the storage or the queue cannot take it now; the next compile of everything sees to
            it.
    """
    people = sorted(set().union(*(each.hurried for each in freed)))
    many, now = len(people) > HURRIED, ports.clock.now()
    if people and not many:
        told = tuple(Mention(What.FREED, person) for person in people)
        trace = ports.telemetry.trace()
        await ports.notices.keep([Notice(f"freed-{people[0]}", now, told, trace=trace)])
        await send_hints(ports, [Hint(notices=True)], now)
    if many or any(each.others for each in freed):
        await ports.notices.note_freed(now)
    if not any(each.pending for each in freed):
        await _have_all_looked_at(ports)


async def _have_all_looked_at(ports: Ports) -> None:
    """Ask for one run, if people were freed since what was compiled last was inventoried."""
    at = await ports.notices.freed()
    compiled = await ports.notices.compiled() if at else None
    if at and not (compiled and compiled > at):
        await request_soon(ports, "people hold by now what they kept something else for", at)
