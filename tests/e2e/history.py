"""The ledger's history, read from the table in plain Python, past our own code."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

from tests.e2e.company import Document

_ENDS = ("confirmed", "refused", "failed", "waiting", "superseded", "closed")
_CARRIED_OUT = ("applied", "confirmed")


@dataclass(frozen=True)
class Line:
    """What the history says happened to one person."""

    person: str
    action: str
    state: str


class History:
    """One bundle's history; asserts on the way that nothing in it is missing or was changed."""

    def __init__(self, bundle: str, rows: Iterable[Document]) -> None:
        ours = {row["RowKey"]: row for row in rows if row["PartitionKey"] == bundle}
        entries = [ours[key] for key in sorted(ours) if key.startswith("h:")]
        self.bundle = bundle
        self._lines = list(_lines(bundle, entries))
        assert ours["o:tally"].get("entries", 0) == len(entries)

    def decided(self) -> set[tuple[str, str]]:
        """Return (person, action) of everything that was ever decided."""
        return {(one.person, one.action) for one in self._lines if one.state == "decided"}

    def open(self) -> dict[str, int]:
        """Return how many decisions about each person have no end, or one too many."""
        balance: Counter[str] = Counter()
        for one in self._lines:
            balance[one.person] += one.state == "decided"
            balance[one.person] -= one.state in _ENDS and bool(one.action)
        return {person: left for person, left in balance.items() if left}

    def put_there(self) -> dict[str, bool]:
        """Return by person whether what was carried out last put her into the group."""
        return {
            one.person: one.action == "grant" for one in self._lines if one.state in _CARRIED_OUT
        }


def _lines(bundle: str, entries: Iterable[Document]) -> Iterator[Line]:
    before = ""
    for number, row in enumerate(entries, 1):
        text = "".join(_parts(row))
        told = json.loads(text)
        assert sha256(text.encode()).hexdigest() == row["hash"], f"{bundle} {number} was changed"
        assert (told["number"], told["before"]) == (number, before), f"{bundle} {number} is amiss"
        before = row["hash"]
        for person, action, state, *_ in told["lines"]:
            yield Line(person, action, state)


def _parts(row: dict[str, Any]) -> Iterator[str]:
    yield row["text"]
    for part in count(1):
        if f"text_{part}" not in row:
            return
        yield row[f"text_{part}"]
