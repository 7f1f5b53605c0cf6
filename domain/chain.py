"""The history of the ledger as a chain: each entry carries the hash of the one before.

A bundle has one chain. An entry tells what one transaction of the ledger did, a line a person. It
is kept as one text, and its hash is that of the text as it stands, so that whoever reads the table
can compute it with any tool, and no byte of it can change without being seen.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from domain.change import Action
from domain.errors import Never

LONGEST = 200_000
"""UTF-16 units of one entry's text; what is longer has its reasons and details cut shorter."""

_CUTS = (2_000, 1_000, 500, 200, 50)
"""Characters that a reason or detail keeps; the first length with which an entry fits is taken."""


class Kind(StrEnum):
    """What made an entry."""

    DECIDED = "decided"
    """A page of decisions was written."""
    PROGRESS = "progress"
    """Changes of a page were carried out, or ended."""
    NOTED = "noted"
    """Something was seen, or done by a person, outside of any page."""


class LineState(StrEnum):
    """What a line can say of a person: how her change stands, or what was seen of her."""

    DECIDED = "decided"
    ASKED = "asked"
    """She is in the target already: it was decided to ask Entra to look at her licenses again."""
    SUPERSEDED = "superseded"
    """A later decision took her out of an earlier page."""
    APPLIED = "applied"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    FAILED = "failed"
    WAITING = "waiting"
    CLOSED = "closed"
    """Taken off her page without an outcome."""
    FOUND = "found"
    """Seen in the target when Seatflow first looked."""
    JOINED = "joined"
    """Seen in the target, and it was not Seatflow that put her there."""
    REPLAYED = "replayed"
    """A person had it tried again."""
    UNDONE = "undone"
    """A person had what a run did to her turned round, or left her to policy again."""
    LICENSED = "licensed"
    """A person had the target's licenses set; the line names the target in place of a person."""
    DIRECT = "direct"
    """A license she has directly is about to be taken, since the target's has replaced it."""
    LATE = "late"
    """Put into the target by a write of ours that arrived after a later decision had ended."""
    GONE = "gone"
    """No longer in the tenant."""
    LEFT = "left"
    """Seen to be gone from the target, and it was not Seatflow that took her out."""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one person."""

    person: str
    state: str
    """A `LineState`; another version may know more of them."""
    action: Action | None = None
    """What was decided for her, where it was a decision."""
    reason: str = ""
    """Why it was decided."""
    detail: str = ""
    """What became of it."""
    error: str = ""
    """Why Entra did not give the license, where that is how it ended."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one transaction of the ledger did."""

    bundle: str
    kind: Kind
    at: datetime
    """By the clock of who wrote it; the order of entries is that of their numbers."""
    lines: tuple[Line, ...]
    page: str = ""
    plan: str = ""
    fingerprint: str = ""
    run: str = ""
    generation: int = 0
    cause: str = ""
    """The id of the message or invocation on whose account it was written."""
    by: str = ""
    """Who decided, where a person did."""
    number: int = 0
    """From 1 on; given when it is sealed, like `before`."""
    before: str = ""
    """The hash of the entry before; empty in the first."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a chain ends: the number and the hash of its last entry."""

    number: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it is kept."""

    number: int
    """By the place where it stands."""
    text: str
    hash: str


def seal(entry: Entry, tail: Tail) -> Sealed:
    """Return the entry as the next one of a chain, as it is kept."""
    numbered = replace(entry, number=tail.number + 1, before=tail.hash)
    for cut in _CUTS:
        text = _text(numbered, cut)
        if _units(text) <= LONGEST:
            break
    return Sealed(numbered.number, text, hash_of(text))


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def heading(sealed: Sealed) -> tuple[str, int, str]:
    """Return what an entry says of its place: its bundle, its number, and the hash before.

    Raises:
        Never: it cannot be read.
    """
    told = _loaded(sealed)
    return str(told.get("bundle")), told.get("number", 0), str(told.get("before"))


def read(sealed: Sealed) -> Entry:
    """Return what an entry says, whether or not it is what once was written.

    Raises:
        Never: it cannot be read.
    """
    told = _loaded(sealed)
    try:
        texts = told.pop("texts")
        lines = tuple(_read_line(line, texts) for line in told.pop("lines"))
        kind, at = Kind(told.pop("kind")), datetime.fromisoformat(told.pop("at"))
        return Entry(kind=kind, at=at, lines=lines, **told)
    except (KeyError, ValueError, TypeError, IndexError):
        raise _garbled(sealed) from None


def _text(entry: Entry, cut: int) -> str:
    """Return an entry as canonical JSON; each reason and each detail stands in it once."""
    texts: dict[str, int] = {}

    def place(text: str) -> int:
        short = text if len(text) <= cut else text[: cut - 1] + "…"
        return texts.setdefault(short, len(texts))

    lines = [
        [one.person, one.action or "", one.state, place(one.reason), place(one.detail), one.error]
        for one in entry.lines
    ]
    told = {
        "at": entry.at.isoformat(),
        "before": entry.before,
        "bundle": entry.bundle,
        "by": entry.by,
        "cause": entry.cause,
        "fingerprint": entry.fingerprint,
        "generation": entry.generation,
        "kind": entry.kind,
        "lines": [line if line[-1] else line[:-1] for line in lines],
        "number": entry.number,
        "page": entry.page,
        "plan": entry.plan,
        "run": entry.run,
        "texts": list(texts),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _read_line(line: list[Any], texts: list[str]) -> Line:
    person, action, state, reason, detail, *error = line
    named = Action(action) if action else None
    return Line(person, state, named, texts[reason], texts[detail], error[0] if error else "")


def _loaded(sealed: Sealed) -> dict[str, Any]:
    try:
        told = json.loads(sealed.text)
    except (ValueError, RecursionError):
        raise _garbled(sealed) from None
    if not isinstance(told, dict):
        raise _garbled(sealed)
    return told


def _garbled(sealed: Sealed) -> Never:
    return Never(
        f"Entry {sealed.number} of the history cannot be read: it was changed after it was written,"
        " or another version of Seatflow wrote it.",
        "`seatflow ledger verify` says more.",
    )


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
