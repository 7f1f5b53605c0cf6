"""When parts are put together, and how: those with few living rows, and the small ones.

Every part that is put together with others is rewritten; the large ones in which most rows are
still good stay as they are. So a change in a few people costs a small part now, and its share of a
larger one later, never the whole.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from adapters.warehouse.parts import ROWS, Part, write_part

type _Order = NDArray[np.int32]

_MANY = 24
"""Parts after the index."""
_SHARE = 50
"""One row in so many may be in a part after the index."""
_FEW = 2_000
_SMALL = ROWS // 4


def worth_packing(people: int, later: Sequence[Part]) -> bool:
    """Tell whether the index is to be written anew."""
    rows = sum(part.rows for part in later)
    return len(later) > _MANY or rows > max(_FEW, people // _SHARE)


def packed(parts: Sequence[Part], order: _Order) -> tuple[tuple[Part, ...], _Order]:
    """Return fewer parts with the same living rows, and where each row is in them."""
    bounds = np.cumsum([0, *(part.rows for part in parts)])
    of = np.searchsorted(bounds[1:], order, side="right")
    living = np.bincount(of, minlength=len(parts))
    poor = [n for n, part in enumerate(parts) if _is_poor(part, int(living[n]))]
    stay = [n for n in range(len(parts)) if n not in poor]
    new = np.empty(len(order), np.int32)
    start = 0
    for n in stay:
        mine = of == n
        new[mine] = order[mine] - bounds[n] + start
        start += parts[n].rows
    tables = []
    for n in poor:
        mine = np.flatnonzero(of == n)
        tables.append(parts[n].table().take(pa.array(order[mine] - bounds[n])))
        new[mine] = np.arange(start, start + len(mine), dtype=np.int32)
        start += len(mine)
    return (*(parts[n] for n in stay), *_rewritten(tables, nothing=not stay)), new


def _is_poor(part: Part, living: int) -> bool:
    return part.rows < _SMALL or living < part.rows // 2


def _rewritten(tables: list[Any], *, nothing: bool) -> list[Part]:
    if not tables:
        return []
    table = pa.concat_tables(tables)
    if not table.num_rows and not nothing:
        return []
    starts = range(0, max(1, table.num_rows), ROWS)
    return [write_part(table.slice(start, ROWS).combine_chunks()) for start in starts]
