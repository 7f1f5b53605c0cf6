"""What a user says of her manager in a delta query (Graph docs: user-delta)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.attributes import MANAGER
from domain.ports.directory import ManagerChange

MANAGERS, REMOVED = f"{MANAGER}@delta", "@removed"


def manager_changes(person: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[ManagerChange]:
    """Yield what an item says of the manager, first who is it no more.

    Graph sends the manager as it sends members: only changes, on an item that has no such entry
    nothing changed, and what one round has to say may be spread over several items and pages.
    """
    # One id may come twice, added and then removed: the last word counts.
    ended = {entry["id"]: entry.get(REMOVED) is not None for entry in entries}
    for manager in sorted(ended, key=lambda manager: not ended[manager]):
        yield ManagerChange(person, manager, ended=ended[manager])
