"""An append-only list of ids with holes, so that a page token stays valid while others write."""

from collections.abc import Iterator


class Roster:
    """Ids in the order they came; leaving makes a hole, coming back appends.

    A position never changes its id, which makes it a safe place to continue from: nobody who
    stays is skipped when somebody else leaves.
    """

    __slots__ = ("_count", "_ids", "_positions")

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._positions: dict[str, int] = {}  # of one who left: -1 - position
        self._count = 0

    def add(self, object_id: str) -> bool:
        """Append an id; return False if it is here."""
        if object_id in self:
            return False
        self._positions[object_id] = len(self._ids)
        self._ids.append(object_id)
        self._count += 1
        return True

    def remove(self, object_id: str) -> bool:
        """Leave a hole; return False if it is not here."""
        if object_id not in self:
            return False
        self._positions[object_id] = -1 - self._positions[object_id]
        self._count -= 1
        return True

    def position(self, object_id: str) -> int:
        """Return where an id stands or last stood."""
        position = self._positions[object_id]
        return position if position >= 0 else -1 - position

    def known(self, start: int = 0) -> Iterator[tuple[int, str]]:
        """Return positions and ids from `start`, holes included, each id once."""
        for position in range(start, len(self._ids)):
            object_id = self._ids[position]
            if self.position(object_id) == position:
                yield position, object_id

    def items(self, start: int = 0) -> Iterator[tuple[int, str]]:
        """Return positions and ids from `start`."""
        positions = self._positions
        for position in range(start, len(self._ids)):
            object_id = self._ids[position]
            if positions[object_id] == position:
                yield position, object_id

    def __iter__(self) -> Iterator[str]:
        return (object_id for _, object_id in self.items())

    def __contains__(self, object_id: object) -> bool:
        return isinstance(object_id, str) and self._positions.get(object_id, -1) >= 0

    def __len__(self) -> int:
        return self._count
