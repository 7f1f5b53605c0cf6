"""Whether a chain is whole: nothing in it changed, missing, moved or cut off.

Somebody who can write the table can write a whole new chain. That is seen only by who once noted a
number and hash, and asks whether it is still the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.chain import Sealed, Tail, hash_of, heading
from domain.errors import Never

MOST_BREAKS = 100
"""Sentences that are kept; a chain that was shuffled has one for each entry."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The end of a chain as somebody once noted it."""

    hash: str
    number: int | None = None


def read_noted(text: str) -> Noted:
    """Return what was noted as `HASH` or `NUMBER:HASH`, as `seatflow ledger verify` prints it."""
    number, colon, digest = text.rpartition(":")
    return Noted(digest.lower(), int(number) if colon else None)


class Check:
    """Looks at a bundle's entries one after the other, and remembers what is wrong."""

    def __init__(self, bundle: str, noted: Noted | None = None) -> None:
        self._bundle = bundle
        self._noted = noted
        self._found = False
        self._breaks: list[str] = []
        self.last = Tail()
        """The last entry looked at."""
        self.entries = 0
        """How many were looked at."""

    def add(self, sealed: Sealed) -> None:
        """Look at the next entry."""
        digest = hash_of(sealed.text)
        if digest != sealed.hash:
            self._break(f"Entry {sealed.number} was changed: its text has another hash than it.")
        in_turn = sealed.number == self.last.number + 1
        if not in_turn:
            self._break(_gap(self.last.number, sealed.number))
        self._check_place(sealed, in_turn)
        if self._noted and digest == self._noted.hash:
            self._found |= self._noted.number in (None, sealed.number)
        self.last = Tail(sealed.number, sealed.hash)
        self.entries += 1

    def breaks(self, tail: Tail) -> tuple[str, ...]:
        """Return what is wrong with the entries looked at, if the chain ends in this tail."""
        found = [*self._breaks, *self._at_end(tail)]
        if self._noted and not self._found:
            which = "No entry" if self._noted.number is None else f"Entry {self._noted.number}"
            verb = "has" if self._noted.number is None else "does not have"
            found.append(
                f"{which} {verb} the hash that was noted: what stood before it was rewritten,"
                " or it was noted of another bundle."
            )
        return tuple(found)

    def _check_place(self, sealed: Sealed, in_turn: bool) -> None:
        try:
            bundle, number, before = heading(sealed)
        except Never:
            self._break(f"Entry {sealed.number} cannot be read.")
            return
        if (bundle, number) != (self._bundle, sealed.number):
            self._break(f"Entry {sealed.number} says that it is entry {number} of {bundle}.")
        if in_turn and before != self.last.hash:
            follows = f"entry {self.last.number}" if self.last.number else "nothing"
            self._break(f"Entry {sealed.number} does not follow {follows} as that stands now.")

    def _at_end(self, tail: Tail) -> list[str]:
        last = self.last.number
        if tail.number > last:
            return [f"{_entries(last + 1, tail.number)} missing at the end: it was cut off."]
        if tail.number < last:
            return [f"The tail is at entry {tail.number}, and there are entries up to {last}."]
        if tail.hash != self.last.hash:
            return [f"The tail has another hash than entry {last}, the last one."]
        return []

    def _break(self, sentence: str) -> None:
        if len(self._breaks) < MOST_BREAKS:
            self._breaks.append(sentence)


def verify(
    bundle: str, entries: Iterable[Sealed], tail: Tail, noted: Noted | None = None
) -> tuple[str, ...]:
    """Return what is wrong with a bundle's chain, a sentence each; nothing where it is whole.

    Args:
        noted: an entry that must be among them.
    """
    check = Check(bundle, noted)
    for sealed in entries:
        check.add(sealed)
    return check.breaks(tail)


def _gap(last: int, number: int) -> str:
    if number > last + 1:
        return f"{_entries(last + 1, number - 1)} missing before entry {number}."
    return f"Entry {number} comes after entry {last}."


def _entries(first: int, last: int) -> str:
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
