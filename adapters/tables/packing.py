"""What a property of a row is too short for: changes packed small, and texts over several of them.

A page of 80 changes has to fit the properties of one row, and a plan of a million changes one blob.
Changes are packed with every reason once, a change as [person, action, which reason].
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from adapters.tables.limits import MAX_TEXT
from domain.change import Action

type Packed = tuple[str, str, int]

_LETTERS = {Action.GRANT: "+", Action.REVOKE: "-"}
_ACTIONS = {letter: action for action, letter in _LETTERS.items()}


class Packable(Protocol):
    """Something that is, or could be, done for a person, and why."""

    @property
    def action(self) -> Action:
        """What is done."""
        ...

    @property
    def person(self) -> str:
        """For whom."""
        ...

    @property
    def reason(self) -> str:
        """Why."""
        ...


class _Make[T](Protocol):
    def __call__(self, action: Action, person: str, reason: str, /) -> T: ...


def pack(changes: Iterable[Packable]) -> tuple[list[Packed], list[str]]:
    """Return the changes and the reasons they point to."""
    reasons: dict[str, int] = {}
    packed = [
        (c.person, _LETTERS[c.action], reasons.setdefault(c.reason, len(reasons))) for c in changes
    ]
    return packed, list(reasons)


def unpack[T](
    packed: Iterable[Sequence[str | int]], reasons: Sequence[str], make: _Make[T]
) -> tuple[T, ...]:
    """Return the changes as they were packed, each made by `make`."""
    return tuple(
        make(_ACTIONS[str(letter)], str(person), reasons[int(reason)])
        for person, letter, reason in packed
    )


def spread(name: str, text: str) -> dict[str, str]:
    """Return a text as properties: `name`, then `name_1` and so on where one is too short for it.

    A row that is read must have been written whole (not merged), or parts of an older text remain.
    """
    room = MAX_TEXT if text.isascii() else MAX_TEXT // 2  # a character is up to two UTF-16 units
    parts = [text[start : start + room] for start in range(0, len(text), room)] or [""]
    return {_part(name, number): part for number, part in enumerate(parts)}


def gather(entity: Mapping[str, Any], name: str, otherwise: str = "") -> str:
    """Return a text that was spread over properties, or `otherwise` where there is none."""
    parts: list[str] = []
    while (part := entity.get(_part(name, len(parts)))) is not None:
        parts.append(part)
    return "".join(parts) if parts else otherwise


def _part(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name
