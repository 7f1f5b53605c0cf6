"""A sheet as CSV that Excel and Power BI read without questions.

UTF-8 with a byte order mark, commas, CRLF (RFC 4180), moments and days in ISO 8601, several texts
divided by a semicolon. A text that a spreadsheet would take for a formula gets an apostrophe in
front (OWASP: CSV injection): what people write into a directory must not be carried out by whoever
opens the file.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from io import StringIO
from typing import Any

from domain.kinds.kind import Type
from domain.sheets.sheet import Sheet

BYTE_ORDER_MARK = "\ufeff"
DIVIDER = ";"
_FORMULA = frozenset("=+-@\t\r\n")


def csv_of(sheet: Sheet, *, head: bool = True) -> str:
    """Return a sheet as CSV.

    Args:
        head: with byte order mark and the names of the columns, as a file begins.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if head:
        text.write(BYTE_ORDER_MARK)
        writer.writerow(column.name for column in sheet.columns)
    writer.writerows(_rows(sheet))
    return text.getvalue()


def _rows(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    written = [
        _WRITERS[column.type](cells)
        for column, cells in zip(sheet.columns, sheet.cells, strict=True)
    ]
    return zip(*written, strict=True)


def _texts(cells: Iterable[Any]) -> list[str]:
    return ["" if cell is None else _harmless(cell) for cell in cells]


def _collections(cells: Iterable[Any]) -> list[str]:
    return [_harmless(DIVIDER.join(cell)) if cell else "" for cell in cells]


def _others(cells: Iterable[Any]) -> list[str]:
    return ["" if cell is None else _written(cell) for cell in cells]


def _written(cell: bool | int | date) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.strftime("%Y-%m-%dT%H:%M:%SZ") if cell.year >= 1000 else cell.isoformat()
        case date():
            return cell.isoformat()
        case int():
            return str(cell)


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in _FORMULA else text


_WRITERS: dict[Type, Callable[[Iterable[Any]], list[str]]] = {
    **dict.fromkeys(Type, _others),
    Type.TEXT: _texts,
    Type.TEXTS: _collections,
}
