"""Records of a CSV text that arrives line by line."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence

from domain.errors import Later, Never

AT_ONCE = 5_000
"""Records that are parsed together."""


async def records(
    lines: AsyncIterator[str], needed: Sequence[str], what: str
) -> AsyncIterator[list[Mapping[str, str]]]:
    """Yield records by column name, thousands at a time.

    Args:
        lines: the text; the first line names the columns. A quoted cell may go over several.
        needed: columns without which it is not what was asked for; others may come and go.
        what: what it is, for errors.

    Raises:
        Later: the last record is cut off.
        Never: a needed column is missing.
    """
    names: list[str] | None = None
    async for block in _blocks(lines):
        parsed = list(csv.reader(block))
        if names is None:
            names = _names(parsed.pop(0), needed, what)
        yield [_record(names, cells, what) for cells in parsed if cells]
    if names is None:
        raise Later(f"{what} is empty.", 60.0)


async def _blocks(lines: AsyncIterator[str]) -> AsyncIterator[list[str]]:
    block: list[str] = []
    quotes = 0
    async for line in lines:
        block.append(line)
        quotes += line.count('"')
        if len(block) >= AT_ONCE and quotes % 2 == 0:
            yield block
            block, quotes = [], 0
    if block:
        yield block


def _names(cells: list[str], needed: Sequence[str], what: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    if missing := [name for name in needed if name not in names]:
        raise Never(f"{what} has no column {missing[0]!r}; Microsoft may have renamed it.")
    return names


def _record(names: list[str], cells: list[str], what: str) -> Mapping[str, str]:
    if len(cells) != len(names):
        raise Later(f"{what} has a line of {len(cells)} cells for {len(names)} columns.", 60.0)
    return dict(zip(names, cells, strict=True))
