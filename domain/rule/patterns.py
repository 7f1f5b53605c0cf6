"""Regular expressions that cannot hang the app: not when compiled, and not when searched for.

A pattern whose work is small for texts of this length is searched for without a clock; any other
gets a deadline in the engine itself. A pattern that the engine would unroll into a huge one is
refused, and so is what this engine understands beyond the common ground of regular expressions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched
from typing import Any

import regex

from domain.errors import Held
from domain.inventory.people import Mask
from domain.inventory.texts import Texts
from domain.rule.pattern_size import Size, measure
from domain.rule.swift import are_plain, swift_lines, swift_search

BUDGET = 30.0
"""Seconds of processor time that one -match may take over all values it is asked about. Over
a million different values a pattern with a few repeats takes one to eight."""

ONE = 2.0
"""Seconds that a single value may take; more means that the pattern explodes."""

_TRIES = 10**8
"""Ways to try, at most, between two looks at the clock: a second or two in the worst case."""

_ALL_TRIES = 10**9
"""Ways to try, at most, in one search that cannot be stopped: some seconds in the worst case."""

_TICK = regex.compile(" ")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled regular expression; it ignores letter case and may match anywhere in a text."""

    text: str
    size: Size
    budget: float
    """Seconds of processor time that one search of all texts may take."""
    _search: Callable[..., Any]

    def finds_in_all(self, texts: Texts) -> Sequence[bool] | Mask:
        """Tell for each of many texts whether the expression matches a part of it.

        Raises:
            Held: it takes longer than the budget, so nobody knows whom the rule means.
        """
        search = swift_lines(self.text)
        longest = texts.longest()
        if search and longest and self.size.tries(longest) * len(texts) <= _ALL_TRIES:
            return texts.search(search)
        return self.finds_in(texts.split())

    def finds_in(self, texts: Sequence[str]) -> list[bool]:
        """Tell for each text whether the expression matches a part of it.

        Raises:
            Held: it takes longer than the budget, so nobody knows whom the rule means.
        """
        tries = self.size.tries(max(map(len, texts), default=0))
        try:
            if tries > _TRIES:
                return self._carefully(texts)
            return self._swiftly(texts, max(1, _TRIES // tries))
        except (TimeoutError, MemoryError):
            raise Held(
                f'The pattern "{self.text}" takes more than {self.budget:g} seconds over'
                f" {len(texts):,} values. Write it without repeats inside repeats."
            ) from None

    def _swiftly(self, texts: Sequence[str], step: int) -> list[bool]:
        search = swift_search(self.text)
        if search is None or not are_plain(texts):
            search = self._search
        clock = self._stopwatch(len(texts))
        found: list[bool] = []
        for batch in batched(texts, min(step, 10_000), strict=False):
            next(clock)
            found += [match is not None for match in map(search, batch)]
        return found

    def _carefully(self, texts: Sequence[str]) -> list[bool]:
        clock = self._stopwatch(len(texts))
        search = partial(self._search, timeout=min(ONE, self.budget))
        return [bool(next(clock)) and search(text) is not None for text in texts]

    def _stopwatch(self, looks: int) -> Iterator[object]:
        """Return what raises TimeoutError once looked at too late: the engine's own deadline."""
        return _TICK.finditer(" " * looks, timeout=self.budget)


def compile_pattern(text: str, budget: float = BUDGET) -> Pattern:
    """Compile a regular expression.

    Raises:
        ValueError: it is none, or may not be used; the message is a sentence.
    """
    size = measure(text)
    try:
        compiled = regex.compile(text, regex.IGNORECASE | regex.VERSION0, cache_pattern=False)
    except (regex.error, ValueError, OverflowError) as error:
        raise ValueError(f"it is no regular expression ({error}).") from None
    return Pattern(text, size, budget, compiled.search)
