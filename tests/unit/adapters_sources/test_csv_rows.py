"""Records of a CSV text that arrives line by line."""

from collections.abc import AsyncIterator, Mapping

import pytest

from adapters.sources.csv_rows import AT_ONCE, records
from domain.errors import Later, Never


async def lines(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


async def read(*texts: str, needed: tuple[str, ...] = ("a",)) -> list[Mapping[str, str]]:
    return [record async for part in records(lines(*texts), needed, "The table") for record in part]


async def test_records_have_their_cells_by_name() -> None:
    assert await read("a,b\r\n", '1,"x, y"\r\n', "2,\r\n", "\r\n") == [
        {"a": "1", "b": "x, y"},
        {"a": "2", "b": ""},
    ]


async def test_a_quoted_cell_may_go_over_several_lines_and_blocks() -> None:
    body = [f"{n},x\n" for n in range(AT_ONCE - 2)]
    found = await read("a,b\n", *body, '9,"first\n', 'second ""quoted"""\n', "10,y\n")
    assert len(found) == AT_ONCE
    assert found[-2] == {"a": "9", "b": 'first\nsecond "quoted"'}


async def test_a_table_without_records_is_empty_and_one_without_a_line_is_none() -> None:
    assert await read("a,b\n") == []
    with pytest.raises(Later, match="The table is empty"):
        await read()


async def test_a_missing_column_is_named() -> None:
    with pytest.raises(Never, match="The table has no column 'c'"):
        await read("a,b\n", needed=("a", "c"))


async def test_a_line_that_is_cut_off_is_no_record() -> None:
    with pytest.raises(Later, match="a line of 1 cells for 2 columns"):
        await read("a,b\n", "1,2\n", "3")
