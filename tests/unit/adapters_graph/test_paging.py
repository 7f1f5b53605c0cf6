"""Reads that Graph does not finish are failures, never short answers."""

import pytest

from adapters.graph.ahead import NEXT
from adapters.graph.batch import Call, post
from adapters.graph.client import GraphClient
from adapters.graph.groups import group_pages
from adapters.graph.paging import DELTA, items_of, lists_in, rounds
from adapters.graph.people import people_pages
from domain.errors import Later, Resync
from tests.unit.adapters_graph.scripted import Scripted

ANY = "User.Read.All"


async def walk(client: GraphClient, token: str | None = None) -> list[str | None]:
    pages = rounds(client, "/users/delta", token, ANY, lists_in)
    return [page.end async for page in pages]


async def test_a_link_that_comes_twice_ends_the_read(server: Scripted, client: GraphClient) -> None:
    server.say({"value": [], NEXT: f"{server.url}/v1.0/users/delta?$skiptoken=1"})
    with pytest.raises(Later, match="twice"):
        await walk(client)
    with pytest.raises(Later, match="twice"):
        await items_of(client, "/users", ANY)


async def test_a_round_without_an_end_is_no_round(server: Scripted, client: GraphClient) -> None:
    server.say({"value": []})
    with pytest.raises(Later, match="without a token"):
        await walk(client)


@pytest.mark.parametrize("body", [{}, [], {"value": None}, {"value": {}}, {"value": [1]}])
async def test_what_is_no_page_is_later(
    server: Scripted, client: GraphClient, body: object
) -> None:
    server.say(body)
    with pytest.raises(Later, match="no page"):
        await walk(client)
    with pytest.raises(Later, match="no page"):
        await items_of(client, "/users", ANY)


async def test_the_token_is_the_whole_link(server: Scripted, client: GraphClient) -> None:
    first = f"{server.url}/v1.0/users/delta?$deltatoken=1"
    server.say({"value": [], DELTA: first})
    assert await walk(client) == [first]
    assert await walk(client, first) == [first]
    assert server.seen[1].path_qs == "/v1.0/users/delta?$deltatoken=1"


async def test_a_token_of_another_graph_is_dead(server: Scripted, client: GraphClient) -> None:
    with pytest.raises(Resync):
        await walk(client, "http://127.0.0.1:1/v1.0/users/delta?$deltatoken=1")
    assert server.seen == []


async def test_of_one_person_twice_on_a_page_the_last_word_counts(
    server: Scripted, client: GraphClient
) -> None:
    removed = {"@removed": {"reason": "changed"}}
    told = {"userPrincipalName": "x@example.com", "accountEnabled": True}
    a, b = ({"id": each} | told for each in "ab")
    users = [a, {"id": "b"} | removed, {"id": "a"} | removed, b]
    server.say({"value": users, DELTA: f"{server.url}/v1.0/users/delta?$deltatoken=1"})
    (page,) = [page async for page in people_pages(client, None, frozenset())]
    assert [person.id for person in page.people()] == ["b"]
    assert page.gone == ("a",)


async def test_of_one_group_twice_on_a_page_the_last_word_counts(
    server: Scripted, client: GraphClient
) -> None:
    removed = {"@removed": {"reason": "changed"}}
    groups = [{"id": "a"}, {"id": "b"} | removed, {"id": "a"} | removed, {"id": "b"}]
    server.say({"value": groups, DELTA: f"{server.url}/v1.0/groups/delta?$deltatoken=1"})
    (page,) = [page async for page in group_pages(client, None)]
    assert [change.group.id for change in page.groups] == ["b"]
    assert page.gone == ("a",)


async def test_batch_answers_are_matched_by_id_and_a_missing_one_is_unavailable(
    server: Scripted, client: GraphClient
) -> None:
    answers = [{"id": "2", "status": 204}, {"id": "0", "status": 200, "body": {"a": 1}}]
    server.say({"responses": answers})
    calls = [Call("GET", f"/users/{number}") for number in range(3)]

    replies = await post(client, calls, ANY)

    assert [reply.status for reply in replies] == [200, 503, 204]
    assert replies[0].body == {"a": 1}


@pytest.mark.parametrize("body", [{}, {"responses": None}, []])
async def test_a_batch_without_answers_is_later(
    server: Scripted, client: GraphClient, body: object
) -> None:
    server.say(body)
    with pytest.raises(Later):
        await post(client, [Call("GET", "/users")], ANY)
