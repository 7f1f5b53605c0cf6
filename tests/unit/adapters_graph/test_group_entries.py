"""What an item of a group says of its members, whichever way it is read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.graph.group_items import GROUP, USER, change_of
from domain.errors import Later

DEVICE = "#microsoft.graph.device"
REMOVED: dict[str, Any] = {"reason": "deleted"}

ids = st.sampled_from("abcde")
plain = st.fixed_dictionaries({"@odata.type": st.just(USER), "id": ids})
odd = st.fixed_dictionaries(
    {"id": ids},
    optional={
        "@odata.type": st.sampled_from([USER, GROUP, DEVICE, None, 7]),
        "@removed": st.sampled_from([REMOVED, None]),
    },
)
members = st.one_of(
    st.none(), st.lists(plain, max_size=6), st.lists(st.one_of(plain, odd), max_size=6)
)


def plainly(entries: list[dict[str, Any]]) -> list[tuple[str, ...]] | None:
    """Return who joined, left, became nested and is no more; None where that is not told."""
    last = {entry["id"]: entry for entry in entries}
    here = {id: entry.get("@odata.type") for id, entry in last.items() if "@removed" not in entry}
    away = {id: entry.get("@odata.type") for id, entry in last.items() if "@removed" in entry}
    if not all(isinstance(kind, str) for kind in here.values()):
        return None
    return [
        tuple(id for id, kind in here.items() if kind == USER),
        tuple(id for id, kind in away.items() if kind in (USER, None)),
        tuple(id for id, kind in here.items() if kind == GROUP),
        tuple(id for id, kind in away.items() if kind in (GROUP, None)),
    ]


@given(members)
def test_every_entry_is_told_once_and_the_last_word_counts(
    entries: list[dict[str, Any]] | None,
) -> None:
    item = {"id": "team", "members@delta": entries}
    expected = plainly(entries or [])
    if expected is None:
        with pytest.raises(Later, match="kind of member"):
            change_of(item)
        return
    change = change_of(item)
    assert [change.joined, change.left, change.nested, change.unnested] == expected


def test_an_item_without_members_moves_nobody() -> None:
    change = change_of({"id": "team"})
    assert (change.joined, change.left, change.nested, change.unnested) == ((), (), (), ())
