"""Pages of users read by arrow, from bytes to columns, without an object of Python for each cell.

It takes a quarter of the processor that parsing and taking apart take, and most of it outside of
Python, so it is worth a thread. It knows the types that Graph documents for the properties of a
user. Pages that have others, or that speak of someone twice, are left to whoever reads anything.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import compress
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.arrow_cells import ArrowCells
from adapters.graph.ahead import NEXT
from adapters.graph.arrow_pages import Unusual, items, parsed, texts, together, whole
from adapters.graph.managers import MANAGERS, REMOVED, manager_changes
from adapters.graph.paging import DELTA, Slice
from domain.attributes import MANAGER, SOURCES, Kind, is_custom, kind_of, source_of
from domain.ports import PeoplePage
from domain.ports.directory import ManagerChange

_FIRST_COUNTS = ("businessPhones", "imAddresses")
"""Collections of which a text has the first item."""
_SPELLED = re.compile(rb'"(extension_[0-9a-f]{32}_\w+)"', re.IGNORECASE)

_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
_GONE = pa.struct([("reason", _TEXT)])
_TYPES = {Kind.FLAG: pa.bool_(), Kind.TEXTS: _TEXTS}
_LICENSES = pa.list_(pa.struct([("skuId", _TEXT)]))
_LINKS = pa.list_(pa.struct([("id", _TEXT), (REMOVED, _GONE)]))

type _Sources = Mapping[str, str]
"""Attribute -> path into a user."""


def pages_of(contents: Sequence[bytes], also: frozenset[str]) -> list[Slice[PeoplePage]] | None:
    """Return what pages say, or None where they are to be read one by one, or in another way."""
    if any(kind_of(name) is Kind.PLANS for name in also):
        return None
    try:
        content = together(contents)
        custom = {name for name in also if is_custom(name)}
        named = {name: source_of(name) for name in also - custom - {MANAGER}}
        free = named | _spelled(content, custom)
        sources = SOURCES | free
        bare = _bare(content, {source for name, source in free.items() if _is_text(name)})
        rows = parsed(content, len(contents), _schema(tuple(sorted(sources.items())), bare))
        pages = _pages(*items(rows, "value"), sources)
        return list(map(Slice, pages, texts(rows, NEXT), texts(rows, DELTA)))
    except (Unusual, UnicodeDecodeError, pa.ArrowInvalid):
        return None


def _spelled(content: bytes, custom: Iterable[str]) -> dict[str, str]:
    """Return custom properties as Graph spells them; rules may spell them in other letter case, and
    each in its own."""
    wanted = {name: name.lower() for name in custom}
    found = {each.decode() for each in _SPELLED.findall(content)} if wanted else set()
    spelled = {each.lower(): each for each in found}
    if len(spelled) < len(found):
        raise Unusual
    return {name: spelled.get(lower, "") for name, lower in wanted.items()}


def _bare(content: bytes, sources: Iterable[str]) -> tuple[tuple[str, Any], ...]:
    """Return those whose values stand without quotes in this page, and as what.

    Only Entra knows the type of a custom property. Where somebody's value is of another type than
    the first that is found, arrow refuses the page.
    """
    found = {}
    for source in filter(None, sources):
        name = re.escape(source.rpartition(".")[2].encode())
        if first := re.search(rb'"%s"\s*:\s*([tf\d-])' % name, content):
            found[source] = pa.bool_() if first[1] in b"tf" else pa.int64()
    return tuple(sorted(found.items()))


def _is_text(name: str) -> bool:
    return kind_of(name) is Kind.TEXT


@lru_cache(maxsize=16)
def _schema(sources: tuple[tuple[str, str], ...], bare: tuple[tuple[str, Any], ...]) -> Any:
    """Return the types of what is looked at; the rest of a page is passed over."""
    types = dict(bare)
    outer: dict[str, Any] = {"id": _TEXT, "assignedLicenses": _LICENSES}
    inner: dict[str, list[tuple[str, Any]]] = {}
    for name, source in sources:
        first, _, rest = source.partition(".")
        kind = _TEXTS if first in _FIRST_COUNTS else _TYPES.get(kind_of(name), _TEXT)
        kind = types.get(source, kind)
        if "." in rest:
            raise Unusual
        if rest:
            inner.setdefault(first, []).append((rest, kind))
        elif first:
            outer[first] = kind
    if outer.keys() & inner.keys():
        raise Unusual
    outer |= {name: pa.struct(fields) for name, fields in inner.items()}
    user = pa.struct(list((outer | {REMOVED: _GONE, MANAGERS: _LINKS}).items()))
    return pa.schema([("value", pa.list_(user)), (NEXT, _TEXT), (DELTA, _TEXT)])


def _pages(users: Any, sizes: Sequence[int], sources: _Sources) -> list[PeoplePage]:
    ids = whole(users.field("id")).to_pylist()
    if len(set(ids)) < len(ids):
        raise Unusual  # the last word counts, and here nobody has one
    there = np.asarray(users.field(REMOVED).is_null())
    here = users if there.all() else users.filter(pa.array(there))
    cells = {name: _kept(name, here, source) for name, source in sources.items()}
    products = _inside(here.field("assignedLicenses"), "skuId")
    links = users.field(MANAGERS)
    managers = None if links.null_count == len(links) else links.to_pylist()
    start = kept = 0
    pages = []
    for rows in sizes:
        stop = start + rows
        its, stays = ids[start:stop], there[start:stop]
        count = int(stays.sum())
        pages.append(
            PeoplePage(
                ids=tuple(its) if count == rows else tuple(compress(its, stays)),
                cells={name: ArrowCells(cell.slice(kept, count)) for name, cell in cells.items()},
                products=ArrowCells(products.slice(kept, count)),  # type: ignore[arg-type]
                gone=() if count == rows else tuple(compress(its, ~stays)),
                managers=tuple(_manager_changes(its, managers[start:stop])) if managers else (),
            )
        )
        start, kept = stop, kept + count
    return pages


def _kept(name: str, users: Any, source: str) -> Any:
    array = _cells(users, source)
    bare = _is_text(name) and array.type != _TEXT
    return array.cast(_TEXT) if bare else array


def _cells(users: Any, source: str) -> Any:
    if not source:
        return pa.nulls(len(users), _TEXT)
    first, _, rest = source.partition(".")
    array = users.field(first)
    if rest:
        return array.field(rest)
    if not pa.types.is_list(array.type):
        return array
    whole(array.flatten())
    return _first(array) if first in _FIRST_COUNTS else array


def _first(texts: Any) -> Any:
    starts, lengths = np.asarray(texts.offsets)[:-1], np.diff(texts.offsets)
    none = (lengths == 0) | np.asarray(texts.is_null())
    return texts.values.take(pa.array(starts, mask=none))


def _inside(structs: Any, name: str) -> Any:
    """Return collections of texts where there are collections of something that has one."""
    texts = whole(whole(structs.values).field(name))
    return pa.ListArray.from_arrays(structs.offsets, texts, mask=structs.is_null())


def _manager_changes(ids: list[str], links: list[Any]) -> Iterable[ManagerChange]:
    for person, entries in zip(ids, links, strict=True):
        yield from manager_changes(person, entries or ())
