"""A few people read afresh, each with her groups (docs: user-get, user-list-memberof)."""

from collections.abc import Iterable, Mapping, Sequence

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import is_object_id
from adapters.graph.errors import error_of
from adapters.graph.groups import GROUP
from adapters.graph.paging import Json, rest_of
from adapters.graph.people import person_of, properties
from adapters.graph.permissions import READ_GROUPS, READ_PEOPLE
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from domain.attributes import MANAGER
from domain.errors import Later
from domain.ports import CloseUp

_GROUPS = ("/memberOf?$select=id&$top=999", "/transitiveMemberOf?$select=id&$top=999")
_AGAIN = 10.0


async def close_up(
    client: GraphClient, ids: Sequence[str], also: frozenset[str]
) -> Mapping[str, CloseUp | None]:
    """Return people as they are now with all their groups; None for a person who is gone."""
    people = [person for person in dict.fromkeys(ids) if is_object_id(person)]
    questions = (_herself(also), *_GROUPS)
    calls = [
        Call("GET", f"/users/{person}{question}") for person in people for question in questions
    ]
    replies = await post_all(client, calls, READ_PEOPLE, priority=Priority.HIGH)

    async def view(answers: Sequence[Reply]) -> CloseUp | None:
        return await _view(client, answers, also)

    views = await each(view, chunks(replies, len(questions)))
    # What is no object id is nobody's: that person is not there.
    return dict.fromkeys(ids) | dict(zip(people, views, strict=True))


def _herself(also: frozenset[str]) -> str:
    # A single user's manager is not selected but expanded (Graph docs: user-list-manager).
    manager = f"&$expand={MANAGER}($select=id)" if MANAGER in also else ""
    return f"?$select={properties(also - {MANAGER})}{manager}"


async def _view(
    client: GraphClient, answers: Sequence[Reply], also: frozenset[str]
) -> CloseUp | None:
    user, direct, everywhere = answers
    if user.status == 404:
        return None
    if not user.ok:
        raise error_of(user, READ_PEOPLE)
    return CloseUp(
        person=person_of(user.whole(), also),
        direct=await _groups(client, direct),
        everywhere=await _groups(client, everywhere),
    )


async def _groups(client: GraphClient, first: Reply) -> frozenset[str]:
    if first.status == 404:
        # The person herself was found: this replica is behind the other, or she is just leaving.
        raise Later(f"Graph found a person but not her groups: {first.described()}.", _AGAIN)
    return _group_ids(await rest_of(client, first, READ_GROUPS))


def _group_ids(items: Iterable[Json]) -> frozenset[str]:
    # Directory roles and administrative units are in the answer, too.
    return frozenset(item["id"] for item in items if item.get("@odata.type", GROUP) == GROUP)
