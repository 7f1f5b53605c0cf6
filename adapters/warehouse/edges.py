"""Memberships that began or ended, in the order in which they were read, and as a file.

An edge is one number, the group above and the member below, so five million of them are settled in
one sort. Ids are numbered as they come: most people are in several groups.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import count

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from adapters.warehouse.files import write
from adapters.warehouse.search import ID, Ids

type EdgeCodes = NDArray[np.int64]
type Codes = Callable[[Ids], EdgeCodes]

SHIFT = 32
LOW = np.int64((1 << SHIFT) - 1)


class Edges:
    """Edges with a sign; the last word about one counts."""

    def __init__(self) -> None:
        self._groups: dict[str, int] = {}
        self._names: defaultdict[str, int] = defaultdict(count().__next__)
        """In order of their numbers, which they get when somebody asks."""
        self._of: list[NDArray[np.int32]] = []
        self._members: list[NDArray[np.int32]] = []
        self._joined: list[NDArray[np.bool_]] = []
        self._count = 0
        self.cleared: dict[str, int] = {}
        """Group -> how many edges had been read when it was gone; they are void."""

    def __len__(self) -> int:
        return self._count

    def add(self, group: str, people: Sequence[str], *, joined: bool) -> None:
        """Take in members of one group who joined, or who left."""
        if not people:
            return
        members = np.fromiter(map(self._names.__getitem__, people), np.int32, len(people))
        of = self._groups.setdefault(group, len(self._groups))
        self._of.append(np.full(len(people), of, np.int32))
        self._members.append(members)
        self._joined.append(np.full(len(people), joined, np.bool_))
        self._count += len(people)

    def clear(self, group: str) -> None:
        """Forget the members of a group that is gone."""
        self.cleared[group] = self._count

    def settled(
        self, place: Mapping[str, int], codes_of: Codes
    ) -> tuple[EdgeCodes, NDArray[np.bool_]]:
        """Return the edges that were spoken of, sorted, and whether each is there in the end.

        Args:
            place: the number of each group that there is.
            codes_of: gives the numbers of members.
        """
        if not self._of:
            return np.zeros(0, np.int64), np.zeros(0, np.bool_)
        places = np.array([place.get(group, -1) for group in self._groups], np.int64)
        codes = codes_of(np.array(list(self._names), ID))
        of, members, joined = self._all()
        edges = places[of] << SHIFT | codes[members]
        good = (places[of] >= 0) & self._stands(of)
        if not good.all():
            edges, joined = edges[good], joined[good]
        spoken, backwards = np.unique(edges[::-1], return_index=True)
        return spoken, joined[::-1][backwards]

    def write(self) -> bytes:
        """Return everything as a file, in order; a group without a member there was cleared."""
        of, members, joined = self._all()
        stands = self._stands(of)
        groups = [*self.cleared, *self._groups]
        first = np.arange(len(self.cleared), dtype=np.int32)
        of = np.concatenate([first, of[stands] + np.int32(len(self.cleared))])
        names = np.array(["", *self._names], ID)
        members = np.concatenate([np.zeros_like(first), members[stands] + np.int32(1)])
        signs = np.concatenate([np.zeros(len(self.cleared), np.bool_), joined[stands]])
        table = {
            "of": _coded(of, groups),
            "member": _coded(members, [name.decode() for name in names.tolist()]),
            "joined": pa.array(signs),
        }
        return write(pa.table(table), use_dictionary=["of", "member"])

    def read(self, body: bytes) -> None:
        """Take in a file behind what is here already."""
        file = pq.read_table(
            pa.BufferReader(body), read_dictionary=["of", "member"], use_threads=False
        )
        if not file.num_rows:
            return
        of, groups = _uncoded(file.column("of"))
        members, names = _uncoded(file.column("member"))
        joined = np.asarray(file.column("joined"), np.bool_)
        there = np.array([bool(name) for name in names], np.bool_)[members]
        for n in of[~there].tolist():
            self.clear(groups[n])
        known = self._groups
        of_here = np.array([known.setdefault(group, len(known)) for group in groups], np.int32)
        here = np.fromiter(map(self._names.__getitem__, names), np.int32, len(names))
        self._of.append(of_here[of[there]])
        self._members.append(here[members[there]])
        self._joined.append(joined[there])
        self._count += int(there.sum())

    def _all(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
        none = np.zeros(0, np.int32)
        of, members = np.concatenate([none, *self._of]), np.concatenate([none, *self._members])
        return of, members, np.concatenate([np.zeros(0, np.bool_), *self._joined])

    def _stands(self, of: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which edges were read after their group was last gone."""
        cleared = np.array([self.cleared.get(group, 0) for group in self._groups], np.int64)
        good: NDArray[np.bool_] = np.arange(len(of)) >= cleared[of] if len(of) else of > 0
        return good


def edges_of(group: int, codes: EdgeCodes) -> EdgeCodes:
    """Return edges from one group."""
    return np.int64(group) << SHIFT | codes


def _coded(codes: NDArray[np.int32], texts: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(texts, pa.string()))


def _uncoded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[str]]:
    coded = column.unify_dictionaries().combine_chunks()
    return np.asarray(coded.indices, np.int32), coded.dictionary.to_pylist()
