"""Who is in a crowd, by number: a million people, a group for every fifty, five groups a person.

Nothing is kept but numbers and ids: the members of a group are a run of people in the order of
their numbers, and whoever is asked for is made on the spot. What is written lies over it.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulators.graph.crowd import faces
from simulators.graph.crowd.shelf import CrowdItems, CrowdRoster
from simulators.graph.directory import Directory, Shelf
from simulators.graph.wire import JsonObject

PEOPLE_PER_GROUP, GROUPS_PER_PERSON = 50, 5
_SPREAD = 2_654_435_761  # odd, so that ids do not come in the order of numbers
_LOW = 2**32 - 1
_USER, _GROUP = "4a11", "4b22"
_LAST_DIGITS = 12


class Crowd:
    """So many people with groups, memberships and two licenses each."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.groups = max(1, people // PEOPLE_PER_GROUP)
        self._ids = np.array([_id(n, _USER) for n in range(people)], "S36")
        chance = np.random.default_rng(20_000)
        shares = chance.pareto(1.1, self.groups) + 0.05
        sizes = np.round(shares / shares.sum() * people * GROUPS_PER_PERSON).astype(np.int64)
        self._sizes = np.clip(sizes, 1, people)
        self._starts = chance.integers(0, people, self.groups)

    def join(self, directory: Directory) -> None:
        """Put the crowd beside what the directory holds."""
        ids = _Run(self._ids, 0, self.people)
        groups = [_id(n, _GROUP) for n in range(self.groups)]
        users, teams = directory.shelves["users"], directory.shelves["groups"]
        directory.shelves["users"] = _shelf(ids, self.user_number, faces.person, users)
        directory.shelves["groups"] = _shelf(groups, self.group_number, faces.group, teams)
        directory.members |= {id: self._members(n) for n, id in enumerate(groups)}
        directory.crowd = self
        organization = directory.organization["id"]
        held = self.seats()
        for sku_id, part_number in faces.PRODUCTS:
            made = faces.product(sku_id, part_number, organization, self.people)
            directory.skus.setdefault(sku_id, made)["consumedUnits"] += held[sku_id]

    def seats(self) -> dict[str, int]:
        """Return how many people of the crowd hold each product: one of three, and the last."""
        *one_of, everyone = (sku_id for sku_id, _ in faces.PRODUCTS)
        held = {sku_id: (self.people + 2 - n) // 3 for n, sku_id in enumerate(one_of)}
        return held | {everyone: self.people}

    def user_number(self, object_id: str) -> int | None:
        """Return which person of the crowd this is, None for a stranger."""
        return _number(object_id, _USER, self.people)

    def group_number(self, object_id: str) -> int | None:
        """Return which group of the crowd this is."""
        return _number(object_id, _GROUP, self.groups)

    def groups_of(self, object_id: str) -> Iterator[str]:
        """Return the groups in which somebody was from the beginning."""
        number = self.user_number(object_id)
        if number is not None:
            inside = (number - self._starts) % self.people < self._sizes
            yield from (_id(group, _GROUP) for group in np.flatnonzero(inside).tolist())

    def named(self, name: str) -> str | None:
        """Return the id behind a user principal name in lower case."""
        number = faces.number_in(name)
        return None if number is None or number >= self.people else _id(number, _USER)

    def _members(self, group: int) -> CrowdRoster:
        start, size = int(self._starts[group]), int(self._sizes[group])

        def index(object_id: str) -> int | None:
            number = self.user_number(object_id)
            place = size if number is None else (number - start) % self.people
            return place if place < size else None

        return CrowdRoster(_Run(self._ids, start, size), index)


class _Run(Sequence[str]):
    """Ids of people one after the other, beginning anew after the last one."""

    def __init__(self, ids: NDArray[np.bytes_], start: int, size: int) -> None:
        self._ids, self._start, self._size = ids, start, size

    def __getitem__(self, place: int) -> str:  # type: ignore[override]  # no slices are asked for
        if place >= self._size:
            raise IndexError(place)
        return bytes(self._ids[(self._start + place) % len(self._ids)]).decode()

    def __len__(self) -> int:
        return self._size


def _shelf(
    ids: Sequence[str],
    number_of: Callable[[str], int | None],
    make: Callable[[int, str], JsonObject],
    before: Shelf,
) -> Shelf:
    order = CrowdRoster(ids, number_of)
    for object_id in before.order:
        order.add(object_id)
    return Shelf(CrowdItems(ids, number_of, make, dict(before.items)), order)


def person_id(number: int) -> str:
    """Return the id of the person with this number."""
    return _id(number, _USER)


def _id(number: int, kind: str) -> str:
    return f"{number * _SPREAD & _LOW:08x}-{kind}-4000-8000-{number:0{_LAST_DIGITS}x}"


def _number(object_id: str, kind: str, below: int) -> int | None:
    if object_id[9:13] != kind:
        return None
    try:
        number = int(object_id[-_LAST_DIGITS:], 16)
    except ValueError:
        return None
    return number if number < below else None  # nobody else's id looks like this
