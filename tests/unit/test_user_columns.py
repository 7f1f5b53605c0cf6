"""Taking a page of users apart gives the same cells as looking at each of them."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.attributes import SOURCES, source_of
from domain.inventory.people import attributes_of
from domain.inventory.user_columns import columns_of

ALSO = ("assignedPlans", "extension_0123456789abcdef0123456789abcdef_costCenter")

plan = st.fixed_dictionaries({}, optional={"servicePlanId": st.text(), "service": st.none()})
values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(max_size=3),
    st.booleans(),
    st.integers(0, 9),
    st.lists(st.one_of(st.text(max_size=3), st.none(), plan), max_size=2),
    st.dictionaries(st.sampled_from(["extensionAttribute1", "id"]), st.text(max_size=3)),
)
names = st.sampled_from(sorted({source_of(name).split(".")[0] for name in (*SOURCES, *ALSO)}))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(names, values, max_size=8), max_size=4))
def test_columns_say_what_attributes_say(users: list[dict[str, Any]]) -> None:
    columns = columns_of(users, ALSO)
    rows = [attributes_of(user, ALSO) for user in users]
    assert columns == {name: [row[name] for row in rows] for name in (*SOURCES, *ALSO)}
