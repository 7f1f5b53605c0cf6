"""Many different texts, kept as one.

An attribute with a value of its own for everyone is a million texts. As Python objects they fill
the memory, and most questions about them (does it contain this, does it end like that) are answered
far quicker by searching one long text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

DIVIDER = "\0"
"""Stands between the texts and is in none of them."""

type _Places = NDArray[np.int64]
type _Line = tuple[NDArray[np.uint8], _Places]


class Texts(Sequence[str | None]):
    """Texts in a row; some may be missing."""

    def __init__(self, joined: str, missing: NDArray[np.bool_]) -> None:
        """Take texts that are joined by the divider; a missing one is empty.

        Raises:
            ValueError: a text has the divider in it.
        """
        if joined.count(DIVIDER) != max(0, len(missing) - 1):
            raise ValueError("The divider is in one of the texts.")
        self.missing = missing
        self._joined = joined

    def __len__(self) -> int:
        return len(self.missing)

    def __iter__(self) -> Iterator[str | None]:
        return (
            None if gone else text for text, gone in zip(self.split(), self.missing, strict=True)
        )

    @overload
    def __getitem__(self, at: int) -> str | None: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str | None]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str | None] | None:
        if isinstance(at, slice):
            return self._slice(*at.indices(len(self)))
        if self.missing[at]:
            return None
        line, ends = self._line
        place = range(len(self))[at]
        return line[ends[place] + 1 : ends[place + 1]].tobytes().decode()

    def _slice(self, start: int, stop: int, step: int) -> Sequence[str | None]:
        if step != 1 or stop <= start:
            return [self[at] for at in range(start, stop, step)]
        line, ends = self._line
        texts = line[ends[start] + 1 : ends[stop]].tobytes().decode().split(DIVIDER)
        gone = self.missing[start:stop].tolist()
        return [None if no else text for text, no in zip(texts, gone, strict=True)]

    def split(self) -> list[str]:
        """Return each text; what is missing is an empty one."""
        return self._joined.split(DIVIDER) if len(self) else []

    def folded(self) -> list[str]:
        """Return each text without regard to letter case; what is missing is an empty one."""
        return self._joined.casefold().split(DIVIDER) if len(self) else []

    def find(self, folded: str, *, begins: bool, ends: bool) -> NDArray[np.bool_]:
        """Return which texts have a part, without regard to letter case.

        Args:
            folded: the part, as `casefold` makes it; not empty.
            begins: the texts must begin with it.
            ends: the texts must end with it.
        """
        found = np.zeros(len(self), np.bool_)
        if DIVIDER in folded:
            return found
        part = folded.encode(errors="surrogatepass")
        line, dividers = self._folded
        places = _starts(line, dividers, part, begins=begins, ends=ends)
        places = places[places + len(part) < len(line)]
        for at, sign in enumerate(part):
            places = places[line[places + at] == sign]
        found[np.searchsorted(dividers, places) - 1] = True
        return found

    def longest(self) -> int:
        """Return the length of the longest text; 0 where they cannot be searched as lines.

        That takes ASCII throughout, and no line that ends within a text.
        """
        if not len(self) or not self._joined.isascii() or "\n" in self._joined:
            return 0
        _, dividers = self._folded
        return int(np.diff(dividers).max()) - 1

    def search(self, lines: Callable[[str], Iterator[re.Match[str]]]) -> NDArray[np.bool_]:
        """Return which texts a pattern finds something in, when each is a line of one long text."""
        found = np.zeros(len(self), np.bool_)
        whole = self._joined.replace(DIVIDER, "\n")
        places = np.fromiter((match.start() for match in lines(whole)), np.int64)
        _, dividers = self._folded
        found[np.searchsorted(dividers, places + 1) - 1] = True
        return found

    @cached_property
    def _line(self) -> _Line:
        return _line(self._joined)

    @cached_property
    def _folded(self) -> _Line:
        # No letter folds to the divider, so the texts stay apart.
        return _line(self._joined.casefold())


def _line(joined: str) -> _Line:
    """Return the texts with a divider on either side of each, and where the dividers are."""
    line = np.frombuffer(f"{DIVIDER}{joined}{DIVIDER}".encode(), np.uint8)
    return line, np.flatnonzero(line == ord(DIVIDER))


def _starts(
    line: NDArray[np.uint8], dividers: _Places, part: bytes, *, begins: bool, ends: bool
) -> _Places:
    """Return where a part may start."""
    if ends:
        starts = dividers[1:] - len(part)
        before = dividers[:-1]
        return starts[starts == before + 1] if begins else starts[starts > before]
    return dividers[:-1] + 1 if begins else np.flatnonzero(line == part[0])
