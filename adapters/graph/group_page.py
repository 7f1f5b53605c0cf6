"""Pages of groups read by arrow, as far as they say nothing but who is in which group.

So is nearly all of a first round, which is thousands of pages of a thousand members each. Where a
group or a member is gone, or a group is a member, a page is left to whoever reads anything.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.graph.ahead import NEXT
from adapters.graph.arrow_pages import Unusual, items, parsed, texts, together, whole
from adapters.graph.group_items import MEMBERS, TYPE, USER, group_of
from adapters.graph.managers import REMOVED
from adapters.graph.paging import DELTA, Slice
from domain.ports import GroupChange, GroupsPage

_TEXT, _FLAG = pa.string(), pa.bool_()
_GONE = pa.struct([("reason", _TEXT)])
_LICENSE = pa.struct([("skuId", _TEXT), ("disabledPlans", pa.list_(_TEXT))])
_PROPERTIES = {
    "id": _TEXT,
    "displayName": _TEXT,
    "groupTypes": pa.list_(_TEXT),
    "mailEnabled": _FLAG,
    "securityEnabled": _FLAG,
    "onPremisesSyncEnabled": _FLAG,
    "isAssignableToRole": _FLAG,
    "assignedLicenses": pa.list_(_LICENSE),
}
_MEMBER = pa.struct([("id", _TEXT), (TYPE, _TEXT), (REMOVED, _GONE)])
_GROUP = pa.struct([*_PROPERTIES.items(), (MEMBERS, pa.list_(_MEMBER)), (REMOVED, _GONE)])
_SCHEMA = pa.schema([("value", pa.list_(_GROUP)), (NEXT, _TEXT), (DELTA, _TEXT)])

_REMOVED = f'"{REMOVED}"'.encode()


def pages_of(contents: Sequence[bytes]) -> list[Slice[GroupsPage]] | None:
    """Return what pages say, or None where they are to be read one by one, or in another way."""
    if any(_REMOVED in content for content in contents):
        return None
    try:
        rows = parsed(together(contents), len(contents), _SCHEMA)
        groups, sizes = items(rows, "value")
        changes = _changes(groups)
        pages = [GroupsPage(tuple(next(changes) for _ in range(size))) for size in sizes]
        return list(map(Slice, pages, texts(rows, NEXT), texts(rows, DELTA)))
    except (Unusual, UnicodeDecodeError, pa.ArrowInvalid):
        return None


def _changes(groups: Any) -> Iterator[GroupChange]:
    if groups.field(REMOVED).null_count < len(groups):
        raise Unusual
    whole(groups.field("id"))
    whole(whole(groups.field("assignedLicenses").values).field("skuId"))
    named = zip(*(groups.field(name).to_pylist() for name in _PROPERTIES), strict=True)
    members, lists = _people(groups.field(MEMBERS).values), groups.field(MEMBERS)
    bounds = np.asarray(lists.offsets).tolist()
    for values, start, stop in zip(named, bounds[:-1], bounds[1:], strict=True):
        group = group_of(dict(zip(_PROPERTIES, values, strict=True)))
        yield GroupChange(group, tuple(dict.fromkeys(members[start:stop])))


def _people(members: Any) -> list[str]:
    """Return the ids of members who are people and joined.

    Raises:
        Unusual: others are among them.
    """
    types = whole(members.field(TYPE)).dictionary_encode().dictionary.to_pylist()
    if members.field(REMOVED).null_count < len(members) or types not in ([], [USER]):
        raise Unusual
    ids: list[str] = whole(whole(members).field("id")).to_pylist()
    return ids
