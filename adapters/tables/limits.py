"""What the table service holds: the sizes of a property, a row and a transaction.

The SDK checks none of these before it sends, so this module does.

Source: Azure Tables docs, performing entity group transactions; understanding the table service
data model.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

MAX_OPERATIONS = 100
MAX_BYTES = 4 * 1024 * 1024
"""Of one transaction."""
MAX_TEXT = 32_000
"""UTF-16 units in one string property: 64 KiB, less a little."""
MAX_ROW = 500_000
"""UTF-16 units in all texts of one row: 1 MiB, less the names, numbers and keys."""


class Operation(Protocol):
    """As much of an operation as its size depends on."""

    @property
    def values(self) -> Mapping[str, Any]:
        """The properties that are written."""
        ...


def check(operations: Sequence[Operation]) -> None:
    """Check that these operations can be one transaction.

    Raises:
        ValueError: more than a transaction, a row or a property holds.
    """
    if not 0 < len(operations) <= MAX_OPERATIONS:
        raise ValueError(f"A transaction holds 1 to {MAX_OPERATIONS} rows, not {len(operations)}.")
    for operation in operations:
        units = [_units(text) for text in _texts(operation)]
        if any(length > MAX_TEXT for length in units):
            raise ValueError(f"A property holds {MAX_TEXT} characters at most.")
        if sum(units) > MAX_ROW:
            raise ValueError(f"A row holds {MAX_ROW} characters at most.")
    if sum(map(_bytes, operations)) > MAX_BYTES:
        raise ValueError("A transaction holds 4 MiB at most.")


def in_transactions[O: Operation](
    groups: Iterable[Sequence[O]], most: int = MAX_BYTES
) -> list[list[O]]:
    """Return the operations in as few transactions as keep their order and each group whole.

    Args:
        most: bytes in a transaction, or in the one group that has more.
    """
    steps: list[list[O]] = []
    room = 0
    for group in groups:
        size = sum(map(_bytes, group))
        if not steps or size > room or len(steps[-1]) + len(group) > MAX_OPERATIONS:
            steps.append([])
            room = most
        steps[-1] += group
        room -= size
    return [step for step in steps if step]


def _bytes(operation: Operation) -> int:
    # Texts travel as JSON; 1,000 bytes more cover a row's keys, names, numbers and headers.
    return 1_000 + sum(len(json.dumps(text)) for text in _texts(operation))


def _texts(operation: Operation) -> list[str]:
    return [value for value in operation.values.values() if isinstance(value, str)]


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
