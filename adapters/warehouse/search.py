"""Looking ids up in sorted arrays: the one operation that merging at this size rests on."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

type Ids = NDArray[np.bytes_]
type Places = NDArray[np.int64]
type Found = NDArray[np.bool_]

_MANY = 10_000

ID = np.dtype("S36")
"""An object id is a GUID in 36 characters; shorter ones are padded."""


def ids_of(texts: Iterable[str]) -> Ids:
    """Return ids as an array."""
    return np.array(list(texts), dtype=ID)


def find(among: Ids, wanted: Ids) -> tuple[Places, Found]:
    """Return where each wanted id stands among the sorted ids, and whether it is there at all."""
    if not len(among):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places = _places(among, wanted)
    places[places == len(among)] = 0
    return places, among[places] == wanted


def _places(among: Ids, wanted: Ids) -> Places:
    if len(wanted) < _MANY:
        return np.searchsorted(among, wanted)
    # In order, neighbors are looked up among what the processor has at hand: several times faster.
    order = np.argsort(wanted)
    places = np.empty(len(wanted), np.int64)
    places[order] = np.searchsorted(among, wanted[order])
    return places
