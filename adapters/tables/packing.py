"""Changes packed small: every reason once, a change as [person, action, which reason].

A page of 80 changes has to fit the properties of one row, and a plan of a million changes one blob.
"""

from collections.abc import Iterable, Sequence

from domain.change import Action, Change

type Packed = tuple[str, str, int]

_LETTERS = {Action.GRANT: "+", Action.REVOKE: "-"}
_ACTIONS = {letter: action for action, letter in _LETTERS.items()}


def pack(changes: Iterable[Change]) -> tuple[list[Packed], list[str]]:
    """Return the changes and the reasons they point to."""
    reasons: dict[str, int] = {}
    packed = [
        (c.person, _LETTERS[c.action], reasons.setdefault(c.reason, len(reasons))) for c in changes
    ]
    return packed, list(reasons)


def unpack(packed: Iterable[Sequence[str | int]], reasons: Sequence[str]) -> tuple[Change, ...]:
    """Return the changes as they were packed."""
    return tuple(
        Change(_ACTIONS[str(letter)], str(person), reasons[int(reason)])
        for person, letter, reason in packed
    )
