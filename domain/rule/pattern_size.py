"""How large a regular expression becomes, and how many ways it has to match.

The engine writes repeated parts out (`(ab){3}` as `ababab`), so a short pattern can ask for
gigabytes; and a pattern can have more ways to match a text than there is time to try.
"""

import re
from dataclasses import dataclass, field

LARGEST = 100_000
"""Signs a pattern may have once its repeats are written out; about 30 MB of memory."""

DEEPEST = 50
"""Groups within groups."""

_BEYOND = 10**12
_NAMES = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_TOKEN = re.compile(
    r"""
      (?P<escape> \\. )
    | (?P<set> \[\^?\]? (?: \\. | \[:\^?\w+:\] | [^\]\\] )* \] )
    | (?P<flags> \(\? [ims]* \) | \(\?P=\w+\) )
    | (?P<open> \( (?: \? (?: [:=!>] | <[=!] | P?<\w+> | [ims]*-?[ims]*: ) | (?![?*]) ) )
    | (?P<foreign> \( [?*] \S? \S? | \{ (?= \s* (?: [deis] | \d+ \s* < ) ) )
    | (?P<close> \) )
    | (?P<bar> \| )
    | (?P<repeat> [*+?] | \{ (?: \d+ ,? \d* | , \d* ) \} )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Size:
    """The measures of one pattern."""

    signs: int
    """Its length once repeats are written out."""
    repeats: int
    """Repeats of a single sign, each of which may stretch over a whole text."""
    choices: int
    """Ways through its alternatives and optional parts."""
    nested: bool
    """It repeats a group, so that nothing bounds the ways to match."""

    def tries(self, length: int) -> int:
        """Return how many ways there are, at most, to match within a text of this length."""
        if self.nested:
            return _BEYOND
        stretch: int = (length + 1) ** (self.repeats + 1)
        return min(_BEYOND, self.choices * stretch)


def measure(pattern: str) -> Size:
    """Measure a pattern, which need not be a correct one.

    Raises:
        ValueError: it is too large or too deep, or uses what other engines do not know.
    """
    scan = _Scan()
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup or ""
        scan.take(kind, token.group())
        scan.after_repeat = kind == "repeat"
    return scan.size()


@dataclass(slots=True)
class _Scan:
    """The state of reading a pattern once from left to right; lists have one entry per group."""

    signs: list[int] = field(default_factory=lambda: [0])
    bars: list[int] = field(default_factory=lambda: [0])
    repeats: int = 0
    choices: int = 1
    nested: bool = False
    last: int = 0
    last_is_group: bool = False
    after_repeat: bool = False

    def take(self, kind: str, text: str) -> None:
        match kind:
            case "foreign":
                raise ValueError(f"{text} is not understood here; put \\ before a literal sign.")
            case "open":
                self._open()
            case "close":
                self._close()
            case "bar":
                self.bars[-1] += 1
            case "repeat" if self.after_repeat and text in "?+":
                pass  # the lazy or possessive kind of the repeat before
            case "repeat":
                self._repeat(*_counts(text))
            case "flags":
                pass
            case _:
                self._atom(1, is_group=False)

    def size(self) -> Size:
        for bars in self.bars:
            self.choices *= bars + 1
        if sum(self.signs) > LARGEST:
            raise ValueError(f"its repeats, written out, are longer than {LARGEST:,} signs.")
        return Size(sum(self.signs), self.repeats, min(self.choices, _BEYOND), self.nested)

    def _atom(self, signs: int, *, is_group: bool) -> None:
        self.signs[-1] += signs
        self.last = signs
        self.last_is_group = is_group

    def _open(self) -> None:
        self.signs.append(1)
        self.bars.append(0)
        if len(self.signs) > DEEPEST:
            raise ValueError(f"it has groups within groups, more than {DEEPEST} deep.")

    def _close(self) -> None:
        if len(self.signs) > 1:
            self.choices = min(_BEYOND, self.choices * (self.bars.pop() + 1))
            self._atom(self.signs.pop(), is_group=True)

    def _repeat(self, least: int, most: int | None) -> None:
        copies = min(_BEYOND, max(1, least + (most != least)))
        self.signs[-1] += self.last * (copies - 1)
        self.last *= copies
        if most == 1:
            self.choices = min(_BEYOND, 2 * self.choices)
        elif self.last_is_group:
            self.nested = True
        elif most != least:
            self.repeats += 1


def _counts(repeat: str) -> tuple[int, int | None]:
    if repeat in _NAMES:
        return _NAMES[repeat]
    least, comma, most = repeat[1:-1].partition(",")
    if not comma:
        return int(least), int(least)
    return int(least or 0), int(most) if most else None
