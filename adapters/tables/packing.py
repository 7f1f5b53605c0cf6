"""What a property of a row is too short for: changes packed small, and texts over several of them.

A page of 80 changes has to fit the properties of one row, and a plan of a million changes one blob.
Changes are packed with every reason once, a change as [person, action, which reason] and, where
there is more to say of it, a mapping with that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Protocol

from adapters.tables.limits import MAX_TEXT
from domain.change import Action, Change

type Packed = tuple[str, str, int] | tuple[str, str, int, Mapping[str, Any]]

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


def pack(changes: Iterable[Packable]) -> tuple[list[Packed], list[str]]:
    """Return the changes and the reasons they point to."""
    reasons: dict[str, int] = {}
    packed = [
        _packed(change, reasons.setdefault(change.reason, len(reasons))) for change in changes
    ]
    return packed, list(reasons)


def unpack[T](
    packed: Iterable[Sequence[Any]], reasons: Sequence[str], make: Callable[..., T]
) -> tuple[T, ...]:
    """Return the changes as they were packed, each made by `make`."""
    return tuple(
        make(_ACTIONS[letter], person, reasons[reason], **(more[0] if more else {}))
        for person, letter, reason, *more in packed
    )


def _packed(one: Packable, reason: int) -> Packed:
    more = _more_of(one) if isinstance(one, Change) else {}
    told = one.person, _LETTERS[one.action], reason
    return (*told, more) if more else told


def _more_of(change: Change) -> dict[str, Any]:
    """Return what a change says beyond who, what and why; mostly nothing."""
    return {
        field.name: value
        for field in fields(Change)
        if field.name not in ("action", "person", "reason")
        and (value := getattr(change, field.name)) != field.default
    }


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
