"""Persons: accounts joined to one human, decided for everyone at once.

An account goes by the first key it has. What cannot be told for sure joins nobody: an account
without a key, with a value that too many share, or with one that points to two humans, counts as a
human of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from domain.inventory.join import Join
from domain.inventory.people import Column, Mask, People, Rows
from domain.inventory.texts import Texts
from domain.rule import View, parse_rule

_NONE = -1


@dataclass(frozen=True, slots=True)
class Persons:
    """For every account of a snapshot: whose it is."""

    of: Rows
    """The row of one of the human's accounts, the same for all of them."""
    by: NDArray[np.int8]
    """Which key joined the account, counted from 0; -1 for one that stands for itself."""
    keys: tuple[str, ...]
    crowded: tuple[int, ...]
    """Per key, how many of its values too many accounts share."""
    torn: Mask
    """Accounts whose key points to more than one human."""

    def count(self, among: Mask | None = None) -> int:
        """Return how many humans there are, or how many have an account among these."""
        return len(np.unique(self.of if among is None else self.of[among]))

    def accounts(self, row: int) -> Rows:
        """Return all accounts of the human whose account is in this row."""
        return np.flatnonzero(self.of == self.of[row]).astype(np.int32)

    def key(self, row: int) -> str:
        """Return the key that joined an account, or nothing."""
        return self.keys[self.by[row]] if self.by[row] >= 0 else ""


def join_people(people: People, join: Join) -> Persons:
    """Return whose accounts these are.

    Raises:
        Held: a key was not inventoried.
    """
    size = len(people)
    of, by = np.arange(size, dtype=np.int32), np.full(size, _NONE, np.int8)
    keyed, torn = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    crowded = []
    for at, key in enumerate(join.keys):
        codes, values = _numbered(people.column(key))
        usable, too_many = _usable(codes, values, join.most)
        crowded.append(too_many)
        found, unsure = _whose(codes, values, of, keyed, usable)
        torn |= unsure
        mine = found >= 0
        of[mine] = found[mine]
        by[mine] = at
        keyed |= mine
    alone = np.bincount(of, minlength=size)[of] == 1
    by[alone] = _NONE
    return Persons(of, by, join.keys, tuple(crowded), torn & ~keyed)


def primaries(persons: Persons, join: Join, view: View) -> Mask:
    """Return the accounts that come first, one of each human; where some are equal, all of them.

    Raises:
        Held: what a rule asks for was not inventoried.
    """
    rules = join.ranks()
    rank = np.full(len(persons.of), len(rules), np.int16)
    for place in reversed(range(len(rules))):
        rank[parse_rule(rules[place]).of(view)] = place
    if join.admins is not None:
        rank[parse_rule(join.admins).of(view)] += len(rules) + 1
    best = np.full(len(rank), np.iinfo(np.int16).max, np.int16)
    np.minimum.at(best, persons.of, rank)
    return np.asarray(rank == best[persons.of], np.bool_)


@dataclass(slots=True)
class Joined:
    """The accounts of a snapshot joined to humans, once somebody asks."""

    join: Join
    _persons: Persons | None = field(default=None, init=False, repr=False)
    _primary: Mask | None = field(default=None, init=False, repr=False)

    def persons(self, view: View) -> Persons:
        """Return whose each account is.

        Raises:
            Held: a key was not inventoried.
        """
        if self._persons is None:
            self._persons = join_people(view.people, self.join)
        return self._persons

    def primary(self, view: View) -> Mask:
        """Return the accounts that come first.

        Raises:
            Held: what the join asks for was not inventoried.
        """
        if self._primary is None:
            self._primary = primaries(self.persons(view), self.join, view)
        return self._primary


def _numbered(column: Column) -> tuple[Rows, int]:
    """Return per row the number of its value, -1 for none, and how many values there are.

    Letter case and blanks around a value tell nobody apart, and a blank value is none.
    """
    texts = _plain(column.values)
    numbers = dict(zip(dict.fromkeys(texts), count()))
    none = numbers.get("", len(numbers))
    coded = np.fromiter(map(numbers.__getitem__, texts), np.int32, len(texts))
    coded[coded == none] = _NONE
    return coded[column.codes], len(numbers)


def _plain(values: Sequence[object]) -> Sequence[str]:
    if isinstance(values, Texts):
        return list(map(str.strip, values.folded()))
    return [text.casefold().strip() if isinstance(text, str) else "" for text in values]


def _usable(codes: Rows, values: int, most: int) -> tuple[Mask, int]:
    shared = np.bincount(codes[codes >= 0], minlength=values) > most
    usable = codes >= 0
    usable[usable] = ~shared[codes[usable]]
    return usable, int(shared.sum())


def _whose(codes: Rows, values: int, of: Rows, keyed: Mask, usable: Mask) -> tuple[Rows, Mask]:
    """Return for the accounts that go by this key whose they are, -1 for nobody's, and the unsure.

    Where an earlier key has told whose accounts with the same value are, they are the same human's;
    where it told of several, nobody knows.
    """
    size = len(of)
    known, fresh = usable & keyed, usable & ~keyed
    first, last = np.full(values, size, np.int32), np.full(values, _NONE, np.int32)
    np.minimum.at(first, codes[known], of[known])
    np.maximum.at(last, codes[known], of[known])
    lead = np.full(values, size, np.int32)
    rows = np.flatnonzero(fresh).astype(np.int32)
    np.minimum.at(lead, codes[rows], rows)
    whose = np.where(last == _NONE, lead, np.where(first == last, first, _NONE))
    found = np.full(size, _NONE, np.int32)
    found[rows] = whose[codes[rows]]
    return found, fresh & (found == _NONE)
