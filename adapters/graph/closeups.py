"""A few people read afresh, each with her groups (docs: getbyids, user-list-memberof)."""

from collections.abc import Iterable, Mapping, Sequence

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import is_object_id
from adapters.graph.group_items import GROUP
from adapters.graph.paging import Json, rest_of
from adapters.graph.permissions import READ_GROUPS
from adapters.graph.persons import find_people, read_singly
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from domain.attributes import MANAGER
from domain.errors import Later
from domain.ports import CloseUp

_DIRECT, _EVERYWHERE = "/memberOf?$select=id&$top=999", "/transitiveMemberOf?$select=id&$top=999"
_AGAIN = 10.0


async def close_up(
    client: GraphClient, ids: Sequence[str], also: frozenset[str], *, nesting: bool
) -> Mapping[str, CloseUp | None]:
    """Return people as they are now with their groups; None for a person who is gone.

    Args:
        nesting: read those as well that they are in through other groups, which costs as much again
            for each person.
    """
    asked = [person for person in dict.fromkeys(ids) if is_object_id(person)]
    # Bulk reads do not have managers.
    read = read_singly if MANAGER in also else find_people
    found = await read(client, asked, also)
    people = [person for person in asked if person in found]
    questions = (_DIRECT, _EVERYWHERE) if nesting else (_DIRECT,)
    calls = [Call("GET", f"/users/{one}{question}") for one in people for question in questions]
    replies = await post_all(client, calls, READ_GROUPS, priority=Priority.HIGH)

    async def view(answers: tuple[str, Sequence[Reply]]) -> CloseUp:
        person, (direct, *more) = answers
        inside = await _groups(client, direct)
        everywhere = [await _groups(client, reply) for reply in more]
        return CloseUp(found[person], inside, everywhere[0] if everywhere else None)

    views = await each(view, zip(people, chunks(replies, len(questions)), strict=True))
    # What is no object id is nobody's: that person is not there.
    return dict.fromkeys(ids) | dict(zip(people, views, strict=True))


async def _groups(client: GraphClient, first: Reply) -> frozenset[str]:
    if first.status == 404:
        # The person herself was found: this replica is behind the other, or she is just leaving.
        raise Later(f"Graph found a person but not her groups: {first.described()}.", _AGAIN)
    return _group_ids(await rest_of(client, first, READ_GROUPS))


def _group_ids(items: Iterable[Json]) -> frozenset[str]:
    # Directory roles and administrative units are in the answer, too.
    return frozenset(item["id"] for item in items if item.get("@odata.type", GROUP) == GROUP)
