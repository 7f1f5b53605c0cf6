"""Mappings and rosters over a crowd: what nobody wrote is made anew at every look."""

from collections.abc import Callable, Iterator, MutableMapping, Sequence

from simulators.graph.roster import Roster
from simulators.graph.wire import JsonObject


class CrowdItems(MutableMapping[str, JsonObject]):
    """Objects by id: those written since, and those of the crowd that nobody took away."""

    def __init__(
        self,
        ids: Sequence[str],
        number_of: Callable[[str], int | None],
        make: Callable[[int, str], JsonObject],
        written: dict[str, JsonObject],
    ) -> None:
        self._ids = ids
        self._number_of = number_of
        self._make = make
        self._written = written
        self._gone: set[str] = set()
        self._strangers = sum(number_of(id) is None for id in written)

    def __getitem__(self, object_id: str) -> JsonObject:
        if self._written and object_id in self._written:
            return self._written[object_id]
        number = self._number_of(object_id)
        if number is None or object_id in self._gone:
            raise KeyError(object_id)
        return self._make(number, object_id)

    def __contains__(self, object_id: object) -> bool:
        if not isinstance(object_id, str):
            return False
        if object_id in self._written:
            return True
        return self._number_of(object_id) is not None and object_id not in self._gone

    def __setitem__(self, object_id: str, item: JsonObject) -> None:
        if object_id not in self._written:
            self._strangers += self._number_of(object_id) is None
        self._written[object_id] = item
        self._gone.discard(object_id)

    def __delitem__(self, object_id: str) -> None:
        if object_id not in self:
            raise KeyError(object_id)
        self._written.pop(object_id, None)
        if self._number_of(object_id) is None:
            self._strangers -= 1
        else:
            self._gone.add(object_id)

    def __iter__(self) -> Iterator[str]:
        yield from (id for id in self._ids if id not in self._gone and id not in self._written)
        yield from self._written

    def __len__(self) -> int:
        return len(self._ids) - len(self._gone) + self._strangers


class CrowdRoster(Roster):
    """A roster that begins with ids of the crowd, whose positions nobody needs to write down."""

    __slots__ = ("_base", "_index", "_left")

    def __init__(self, base: Sequence[str], index: Callable[[str], int | None]) -> None:
        super().__init__()
        self._base = base
        self._index = index
        self._left: set[str] = set()

    def add(self, object_id: str) -> bool:
        """Append an id; return False if it is here."""
        return object_id not in self and super().add(object_id)

    def remove(self, object_id: str) -> bool:
        """Leave a hole; return False if it is not here."""
        if super().__contains__(object_id):
            return super().remove(object_id)
        if object_id not in self:
            return False
        self._left.add(object_id)
        return True

    def position(self, object_id: str) -> int:
        """Return where an id stands or last stood."""
        if object_id in self._positions:
            return len(self._base) + super().position(object_id)
        position = self._index(object_id)
        if position is None:
            raise KeyError(object_id)
        return position

    def known(self, start: int = 0) -> Iterator[tuple[int, str]]:
        """Return positions and ids from `start`, holes included, each id once."""
        for position, object_id in self._of_base(start):
            if object_id not in self._positions:
                yield position, object_id
        yield from self._later(super().known(max(0, start - len(self._base))))

    def items(self, start: int = 0) -> Iterator[tuple[int, str]]:
        """Return positions and ids from `start`."""
        for position, object_id in self._of_base(start):
            if object_id not in self._left:
                yield position, object_id
        yield from self._later(super().items(max(0, start - len(self._base))))

    def _of_base(self, start: int) -> Iterator[tuple[int, str]]:
        return ((position, self._base[position]) for position in range(start, len(self._base)))

    def _later(self, found: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        return ((len(self._base) + position, object_id) for position, object_id in found)

    def __contains__(self, object_id: object) -> bool:
        if super().__contains__(object_id):
            return True
        here = isinstance(object_id, str) and self._index(object_id) is not None
        return here and object_id not in self._left

    def __len__(self) -> int:
        return len(self._base) - len(self._left) + super().__len__()
