"""Delta rounds over users and groups, in all the ways the docs allow and clients dread.

Graph docs, delta-query-users and delta-query-groups: pages of 200 users; a group's members in
slices over many pages; a user's manager as a link of the same form, told when it changes; empty
pages with a nextLink; the same object twice; changes replayed; no order. The log says what moved,
the replica says to what, so a replay is harmless.
"""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from simulators.graph.changes import Kind
from simulators.graph.delta_rounds import Changes, Everything, Position, Round, Work
from simulators.graph.directory import Directory, manager_of
from simulators.graph.printed import Page, Printed
from simulators.graph.replica import Replica
from simulators.graph.schema import DERIVED
from simulators.graph.settings import Settings
from simulators.graph.shapes import Shapes, reference
from simulators.graph.wire import JsonObject

REPLAYED_FROM = 50  # entries before the round that a replay may pick
MOST_BEGUN = 20  # objects with links to come; they all stand in the page token
GATHERED = 8  # rounds whose changes are kept at hand


class Delta:
    """Pages of rounds over one directory."""

    def __init__(
        self, directory: Directory, replica: Replica, settings: Settings, rng: random.Random
    ) -> None:
        self._directory = directory
        self._replica = replica
        self._settings = settings
        self._rng = rng
        self._shapes = Shapes(directory)
        self._gathered: dict[tuple[int, Round], Changes] = {}
        self.printed: Printed | None = None
        """Pages of first rounds as they were sent, where they are worth keeping."""

    def now(self) -> int:
        """Return the log number up to which this replica knows everything."""
        if not self._replica.lagging:
            return self._directory.log.sequence
        return self._directory.log.visible(self._replica.moment)

    def page(self, asked: Round, at: Position, *, minimal: bool) -> Page:
        """Return one page of a round."""
        if not at.after_empty and self._chance(self._settings.delta_empty_pages):
            return Page([], replace(at, after_empty=True))
        if self.printed is not None and asked.since is None and asked.upto == self.now():
            return self.printed.page(asked, at, lambda: self._page(asked, at, minimal=minimal))
        return self._page(asked, at, minimal=minimal)

    def _page(self, asked: Round, at: Position, *, minimal: bool) -> Page:
        work = self._work(asked)
        filling = self._filling(asked, work, minimal=minimal)
        index, rest = at.index, deque(at.rest)
        while len(rest) > MOST_BEGUN and not filling.full:
            filling.put(*rest.popleft(), rest)
        for position, object_id in work.objects(at.index):
            if filling.full:
                break
            filling.begin(object_id, rest)
            index = position + 1
        while rest and not filling.full:
            filling.put(*rest.popleft(), rest)
        self._repeat_some(filling.value)
        if rest or next(work.objects(index), None) is not None:
            return Page(filling.value, Position(index, tuple(rest)))
        return Page(filling.value + self._extras(asked, minimal=minimal), None)

    def _work(self, asked: Round) -> Work:
        """Return what a round goes over; the changes of the last rounds stay gathered."""
        if asked.since is None:
            return Everything(asked, self._replica)
        key = (self._directory.generation, asked)
        if key not in self._gathered:
            entries = self._directory.log.between(asked.kind, asked.since, asked.upto)
            if len(self._gathered) >= GATHERED:
                self._gathered.pop(next(iter(self._gathered)))
            self._gathered[key] = Changes(asked, self._replica, entries)
        return self._gathered[key]

    def _filling(self, asked: Round, work: Work, *, minimal: bool) -> "_Filling":
        settings = self._settings
        filling = _Filling(
            f"{asked.link}@delta",
            work,
            present=partial(self._item, asked, work, asked.names(), minimal=minimal),
            linked=partial(self._linked, asked),
            objects=settings.delta_page_size,
            links=settings.delta_member_slice,
        )
        if asked.kind == "users":  # a page of users is as long as it is, managers or not
            filling.links = 2 * settings.delta_page_size
            if settings.delta_managers_apart:
                filling.at_once = 1
                filling.apart = partial(self._chance, settings.delta_managers_apart)
        return filling

    def _item(
        self, asked: Round, work: Work, names: tuple[str, ...], object_id: str, *, minimal: bool
    ) -> JsonObject:
        kind = asked.kind
        item = self._replica.get(kind, object_id)
        if item is None:
            reason = "changed" if object_id in self._directory.deleted else "deleted"
            return {"id": object_id, "@removed": {"reason": reason}}
        changed = work.fields(object_id) if minimal else None
        if changed is None:
            return self._properties(kind, item, names)
        moved = [name for name in names if changed & {name, DERIVED.get(name)}]
        return self._properties(kind, item, moved)

    def _properties(self, kind: Kind, item: JsonObject, names: Iterable[str]) -> JsonObject:
        """Absent what was never set, null what was cleared."""
        present = [name for name in names if name in item or DERIVED.get(name) in item]
        if "id" not in present:
            present.append("id")
        return self._shapes.selected(kind, item, present)

    def _linked(self, asked: Round, object_id: str, other_id: str) -> JsonObject:
        kind, shown = asked.kind, reference(self._directory, other_id)
        if asked.since is None and not self._replica.lagging:
            return shown  # what a first round goes over is there
        if kind == "groups":
            there = self._replica.is_member(object_id, other_id)
        else:
            there = manager_of(self._replica.get("users", object_id) or {}) == other_id
        return shown if there else shown | {"@removed": {"reason": "deleted"}}

    def _repeat_some(self, value: list[JsonObject]) -> None:
        """Show some objects of the page a second time."""
        share = self._settings.delta_duplicates
        value += [item for item in list(value) if self._chance(share)]

    def _extras(self, asked: Round, *, minimal: bool) -> list[JsonObject]:
        """Return what nobody needs: old removals in a first round, replays in a later one."""
        if asked.since is None:
            return list(self._old_removals(asked.kind))
        log = self._directory.log
        before = log.before(asked.kind, asked.since, REPLAYED_FROM)
        chosen = [entry for entry in before if self._chance(self._settings.delta_replays)]
        if not chosen:
            return []
        work = Changes(asked, self._replica, chosen)
        filling = self._filling(asked, work, minimal=minimal)
        for _, object_id in work.objects(0):
            filling.put(object_id, 0, deque())
        return filling.value

    def _old_removals(self, kind: Kind) -> Iterator[JsonObject]:
        if not self._settings.delta_removed_in_first_round:
            return
        for object_id, deleted in self._directory.deleted.items():
            if deleted.kind == kind:
                yield {"id": object_id, "@removed": {"reason": "changed"}}

    def _chance(self, share: float) -> bool:
        return share > 0 and self._rng.random() < share


@dataclass(slots=True)
class _Filling:
    """A page being filled: objects and links have each their limit."""

    annotation: str
    work: Work
    present: Callable[[str], JsonObject]
    linked: Callable[[str, str], JsonObject]
    objects: int
    links: int
    at_once: int | None = None
    """So many links at most in one mention of an object."""
    apart: Callable[[], bool] = bool
    """Whether an object's links are to come apart from its first mention."""
    value: list[JsonObject] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return self.objects <= 0 or self.links <= 0

    def begin(self, object_id: str, rest: deque[tuple[str, int]]) -> None:
        """Put an object for the first time."""
        if not self.apart():
            self.put(object_id, 0, rest)
            return
        item = self.present(object_id)
        self.value.append(item)
        self.objects -= 1
        if "@removed" not in item and next(self.work.links(object_id, 0), None):
            rest.append((object_id, 0))

    def put(self, object_id: str, start: int, rest: deque[tuple[str, int]]) -> None:
        """Put an object with as many of its links as fit; the others go to the rest."""
        item = self.present(object_id)
        fits: list[tuple[int, str]] = []
        if "@removed" not in item:
            most = min(self.links, self.at_once or self.links)
            found = list(islice(self.work.links(object_id, start), most + 1))
            fits, left = found[:most], found[most:]
            rest.extend((object_id, position) for position, _ in left)
        if fits:
            item[self.annotation] = [self.linked(object_id, other) for _, other in fits]
        self.value.append(item)
        self.objects -= 1
        self.links -= len(fits)
