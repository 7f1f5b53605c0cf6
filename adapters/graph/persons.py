"""People read afresh by their ids, in bulk and each by herself (docs: getbyids, user-get)."""

from collections.abc import Iterable, Mapping, Sequence

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import is_object_id
from adapters.graph.errors import error_of, not_told
from adapters.graph.paging import Json, rest_of
from adapters.graph.permissions import READ_PEOPLE
from adapters.graph.priority import Priority
from domain.attributes import MANAGER, SOURCES, is_custom, source_of
from domain.errors import Later
from domain.inventory.people import Person, attributes_of

NAME, ENABLED = EVERYBODY_HAS = "userPrincipalName", "accountEnabled"
"""Where Graph does not tell these of somebody, it has not told what she has; see `not_told`."""

_BY_IDS = "/directoryObjects/getByIds"
_MOST_IDS = 1000
_AGAIN = 10.0
"""Seconds."""

_ALWAYS = {source.split(".")[0] for source in SOURCES.values()} | {"assignedLicenses"}


def properties(also: frozenset[str]) -> str:
    """Return every property behind an attribute, and the licenses, as `$select` wants them.

    One that rules spell in several ways is asked for once.
    """
    once = {name.lower(): name for name in sorted(_selected(also))}
    return ",".join(once.values())


def _selected(also: frozenset[str]) -> set[str]:
    return _ALWAYS | {source_of(name).split(".")[0] for name in also}


async def find_people(
    client: GraphClient, ids: Iterable[str], also: frozenset[str]
) -> Mapping[str, Person]:
    """Return those of the people who exist; a manager is not read (docs: getbyids).

    The docs do not say that this tells everything it is asked for, with null where nobody set it.
    Whoever it leaves something out of is read by herself: it may be set.

    Raises:
        Forbidden: Graph does not let the app read somebody.
        Later: the replicas Graph answers from do not agree.
    """
    wanted = sorted({person for person in ids if is_object_id(person)})
    names = also - {MANAGER}
    asked = {name for name in _selected(names) if not is_custom(name)}

    async def find(part: Sequence[str]) -> list[Json]:
        body = {"ids": list(part), "types": ["user"]}
        path = f"{_BY_IDS}?$select={properties(names)}"
        reply = await client.send("POST", path, body, priority=Priority.HIGH)
        return await rest_of(client, reply, READ_PEOPLE)

    users = {
        user["id"]: user for part in await each(find, chunks(wanted, _MOST_IDS)) for user in part
    }
    told = {id: user for id, user in users.items() if asked <= user.keys() and _is_told(user)}
    whole = {id: person_of(user, names) for id, user in told.items()}
    rest = sorted(users.keys() - whole.keys())
    singly = await read_singly(client, rest, names)
    if len(singly) < len(rest):
        raise Later("Graph found a person and then it did not.", _AGAIN)
    return whole | singly


async def read_singly(
    client: GraphClient, people: Sequence[str], also: frozenset[str]
) -> dict[str, Person]:
    """Return those of the people who exist, with their managers if these are wanted.

    Raises:
        Forbidden: Graph does not let the app read somebody.
    """
    users = await users_singly(client, people, also)
    return {person: person_of(user, also) for person, user in users.items()}


async def users_singly(
    client: GraphClient, people: Sequence[str], also: frozenset[str]
) -> dict[str, Json]:
    """Return those of the people who exist as Graph has them, with a name at least.

    Raises:
        Forbidden: Graph does not let the app read somebody.
    """
    question = f"$select={properties(also - {MANAGER})}"
    if MANAGER in also:
        # A single user's manager is not selected but expanded (Graph docs: user-list-manager).
        question += f"&$expand={MANAGER}($select=id)"
    calls = [Call("GET", f"/users/{person}?{question}") for person in people]
    replies = await post_all(client, calls, READ_PEOPLE, priority=Priority.HIGH)
    for reply in replies:
        if not reply.ok and reply.status != 404:
            raise error_of(reply, READ_PEOPLE)
    pairs = zip(people, replies, strict=True)
    users = {person: reply.whole() for person, reply in pairs if reply.ok}
    if any(user.get(NAME) is None for user in users.values()):
        raise not_told("person", READ_PEOPLE)
    return users


def _is_told(user: Json) -> bool:
    return all(user.get(name) is not None for name in EVERYBODY_HAS)


def person_of(user: Json, also: frozenset[str]) -> Person:
    """Return the person behind a user; a property Graph did not send is one never set."""
    return Person(user["id"], attributes_of(user, also), tuple(products_of(user)))


def products_of(user: Json) -> list[str]:
    """Return the products that a user holds."""
    return [one["skuId"] for one in user.get("assignedLicenses") or ()]
