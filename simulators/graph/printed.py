"""Pages of first rounds, kept as they were sent: making ten thousand of them takes minutes."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson
import pyarrow as pa

from simulators.graph.delta_rounds import Position, Round
from simulators.graph.wire import JsonObject

type Value = list[JsonObject] | orjson.Fragment
_CODEC = "zstd"


@dataclass(slots=True)
class Page:
    """What one page holds, and where the next one starts: None, and the round is over."""

    value: Value
    next: Position | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    packed: bytes
    size: int
    next: Position | None


class Printed:
    """Pages by round and position, compressed."""

    def __init__(self) -> None:
        self._sheets: dict[tuple[Round, Position], _Sheet] = {}

    def page(self, asked: Round, at: Position, make: Callable[[], Page]) -> Page:
        """Return a page, made only where it was not made before."""
        sheet = self._sheets.get((asked, at))
        if sheet is None:
            page = make()
            text = orjson.dumps(page.value)
            packed = pa.compress(text, _CODEC, asbytes=True)
            sheet = self._sheets[asked, at] = _Sheet(packed, len(text), page.next)
        text = pa.decompress(sheet.packed, sheet.size, _CODEC, asbytes=True)
        return Page(orjson.Fragment(text), sheet.next)
