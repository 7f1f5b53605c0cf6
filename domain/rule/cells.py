"""Values to be asked about, one answer each.

What several questions need is worked out once: which values are missing, and the text of each
without regard to letter case.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np

from domain.inventory.people import Mask, Value
from domain.inventory.texts import Texts


class Cells:
    """Values of one attribute, or one field of the items of a collection."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def missing(self) -> Mask:
        """Which of the values are missing."""
        if isinstance(self.values, Texts):
            return self.values.missing
        return np.array([value is None for value in self.values], np.bool_)

    @property
    def texts(self) -> list[str]:
        """The values as texts; what is missing, or no text, is an empty one."""
        if isinstance(self.values, Texts):
            return self.values.split()
        return [value if isinstance(value, str) else "" for value in self.values]

    @cached_property
    def folded(self) -> list[str]:
        """The texts as they are compared: without regard to letter case."""
        return [text.casefold() for text in self.texts]

    def find(self, part: str, *, begins: bool = False, ends: bool = False) -> Mask:
        """Return which values have a part, or begin or end with it, without regard to letter case.

        What begins and ends with it is equal to it.
        """
        part = part.casefold()
        if part and isinstance(self.values, Texts):
            return self.values.find(part, begins=begins, ends=ends) & ~self.missing
        passes = _PASSES[begins, ends]
        return np.array([passes(text, part) for text in self.folded], np.bool_) & ~self.missing


_PASSES: dict[tuple[bool, bool], Callable[[str, str], bool]] = {
    (True, True): str.__eq__,
    (True, False): str.startswith,
    (False, True): str.endswith,
    (False, False): str.__contains__,
}

type Test = Callable[[Cells, datetime], Mask]
"""One question: which of the cells pass, at this moment."""
