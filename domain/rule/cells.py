"""Values to be asked about, one answer each.

What several questions need is worked out once: which values are missing, and the text of each
without regard to letter case.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np

from domain.people import Mask, Value


class Cells:
    """Values of one attribute, or one field of the items of a collection."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def missing(self) -> Mask:
        """Which of the values are missing."""
        return np.array([value is None for value in self.values], np.bool_)

    @cached_property
    def texts(self) -> list[str]:
        """The values as texts; what is missing, or no text, is an empty one."""
        return [value if isinstance(value, str) else "" for value in self.values]

    @cached_property
    def folded(self) -> list[str]:
        """The texts as they are compared: without regard to letter case."""
        return [text.casefold() for text in self.texts]


type Test = Callable[[Cells, datetime], Mask]
"""One question: which of the cells pass, at this moment."""
