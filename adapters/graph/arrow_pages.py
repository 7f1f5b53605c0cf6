"""Pages of a collection parsed by arrow, several at once: one alone takes half as long again.

One text is made of them, with an empty object between any two. A page that is cut off would take
that object in, and then finds no comma behind it; one with more than a document in it makes more
rows than there are pages. So nothing can be taken for a part of another page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import json

_BETWEEN = b"\n{}\n"

type Rows = Mapping[str, Any]
"""Columns by name."""


class Unusual(Exception):
    """The pages are well, perhaps, but not of the shape that is read here."""


def together(contents: Sequence[bytes]) -> bytes:
    """Return pages as one text.

    Raises:
        Unusual: one of them does not begin as a page does.
        UnicodeDecodeError: it is no text; arrow would take it.
    """
    for content in contents:
        content.decode()
        if not content.startswith(b"{"):
            raise Unusual
    return _BETWEEN.join(contents)


def parsed(content: bytes, pages: int, schema: Any) -> Rows:
    """Return what `together` made of so many pages: a row for each, with an empty one between.

    Raises:
        Unusual: there are not so many documents.
        pyarrow.ArrowInvalid: it is no JSON, or not of these types.
    """
    read = json.ReadOptions(use_threads=False, block_size=len(content) + 1)
    looked_at = json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    table = json.read_json(pa.BufferReader(content), read, looked_at)
    if table.num_rows != 2 * pages - 1:
        raise Unusual
    return {name: table.column(name).combine_chunks() for name in table.column_names}


def texts(rows: Rows, name: str) -> list[str | None]:
    """Return what each page has under a name."""
    found: list[str | None] = rows[name].to_pylist()
    return found[::2]


def items(rows: Rows, name: str) -> tuple[Any, list[int]]:
    """Return the items of all pages under a name, and how many each page has.

    Raises:
        Unusual: a page has none, not even an empty list.
    """
    lists = rows[name]
    if not np.asarray(lists.is_valid())[::2].all():
        raise Unusual
    return whole(lists.values), np.diff(lists.offsets)[::2].tolist()


def whole(array: Any) -> Any:
    """Return an array in which nothing is missing.

    Raises:
        Unusual: something is.
    """
    if array.null_count:
        raise Unusual
    return array
