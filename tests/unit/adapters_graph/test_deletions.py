"""No request of ours can delete a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.graph.batch import Call, post
from adapters.graph.client import BATCH, GraphClient
from adapters.graph.deletions import is_object_id, refuse_other_deletions, removal
from tests.contract.graph.token import LocalToken

GROUP = "66666666-7777-8888-9999-000000000000"
PERSON = "11111111-2222-3333-4444-555555555555"

HOSTILE = [
    f"{PERSON}?",
    f"{PERSON}#",
    f"{PERSON}/",
    f"{PERSON}/$ref?",
    f"{PERSON}%2F",
    f"{PERSON}\n",
    f" {PERSON}",
    f"../users/{PERSON}",
    PERSON[:-1],
    PERSON.replace("-", ""),
    PERSON.replace("1", "\N{DEVANAGARI DIGIT ONE}"),  # a digit to str.isdigit, not to Graph
    "ada@example.com",
    "",
]

guids = st.uuids().map(str)
anything = st.one_of(guids, st.text(), st.sampled_from(HOSTILE))


def test_a_removal_takes_a_membership_away_and_nothing_else() -> None:
    assert removal(GROUP, PERSON) == f"/groups/{GROUP}/members/{PERSON}/$ref"


@given(anything, anything)
def test_an_address_is_made_of_object_ids_or_not_at_all(group: str, person: str) -> None:
    if is_object_id(group) and is_object_id(person):
        path = removal(group, person)
        assert path.endswith("/$ref")
        assert len(path.split("/")) == 6
        refuse_other_deletions("DELETE", path)
    else:
        with pytest.raises(ValueError, match="not an object id"):
            removal(group, person)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_only_looks_like_an_object_id_is_none(hostile: str) -> None:
    assert not is_object_id(hostile)


@given(st.text())
def test_hardly_any_deletion_leaves_this_process(tail: str) -> None:
    with pytest.raises(ValueError, match="refused"):
        refuse_other_deletions("delete", f"/groups/{GROUP}/members/{PERSON}{tail[:4]}x")


@pytest.mark.parametrize(
    "path",
    [
        f"/groups/{GROUP}/members/{PERSON}",
        f"/groups/{GROUP}/members/{PERSON}/$ref/",
        f"/groups/{GROUP}/members/{PERSON}/$ref\n",
        f"/groups/{GROUP}/members/{PERSON}/$ref?x",
        f"/groups/{GROUP}/members/{PERSON}#/$ref",
        f"/groups/{GROUP}",
        f"/users/{PERSON}",
        f"https://graph.microsoft.com/v1.0/groups/{GROUP}/members/{PERSON}/$ref",
    ],
)
async def test_neither_the_client_nor_a_batch_sends_another_deletion(path: str) -> None:
    client = GraphClient("http://127.0.0.1:1/v1.0", LocalToken())
    with pytest.raises(ValueError, match="refused"):
        await client.send("DELETE", path)
    with pytest.raises(ValueError, match="refused"):
        await client.send("POST", BATCH, {"requests": [{"method": "DELETE", "url": path}]})
    with pytest.raises(ValueError, match="refused"):
        await post(client, [Call("DELETE", path)], "GroupMember.ReadWrite.All")
