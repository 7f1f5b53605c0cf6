"""People as Graph keeps them: `users/delta` and single users (docs: user-delta, user-get)."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence

from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import is_object_id
from adapters.graph.paging import Json, rest_of, rounds
from adapters.graph.permissions import READ_PEOPLE
from adapters.graph.priority import Priority
from domain.attributes import MANAGER, SOURCES, source_of
from domain.errors import Resync
from domain.inventory.people import Person, attributes_of
from domain.inventory.user_columns import columns_of
from domain.ports import PeoplePage
from domain.ports.directory import ManagerChange

_ALWAYS = {source.split(".")[0] for source in SOURCES.values()} | {"assignedLicenses"}
_MANAGERS = f"{MANAGER}@delta"
_BY_IDS = "/directoryObjects/getByIds"
_MOST_IDS = 1000


def properties(also: frozenset[str]) -> str:
    """Return every property behind an attribute, and the licenses, as `$select` wants them."""
    return ",".join(sorted(_ALWAYS | {source_of(name).split(".")[0] for name in also}))


def start_of(also: frozenset[str]) -> str:
    """Return where a first round begins."""
    return f"/users/delta?$select={properties(also)}"


async def people_pages(
    client: GraphClient, token: str | None, also: frozenset[str]
) -> AsyncIterator[PeoplePage]:
    """Yield what changed since the token, or everyone; see `Directory.people`."""
    async for users, link, end in rounds(
        client, start_of(also), _link_of(token, also), READ_PEOPLE
    ):
        last = {user["id"]: user for user in users}  # one may come twice: the last word counts
        here = [user for user in last.values() if "@removed" not in user]
        yield PeoplePage(
            ids=tuple(user["id"] for user in here),
            cells=columns_of(here, also - {MANAGER}),
            products=[_products(user) for user in here],
            gone=tuple(person for person, user in last.items() if "@removed" in user),
            token=_token_of(end, also) if end else None,
            after=_token_of(link, also) if link else None,
            managers=tuple(change for user in users for change in _manager_changes(user)),
        )


async def find_people(
    client: GraphClient, ids: Iterable[str], also: frozenset[str]
) -> Mapping[str, Person]:
    """Return those of the people who exist; a manager is not read (docs: getbyids)."""
    wanted = sorted({person for person in ids if is_object_id(person)})
    names = also - {MANAGER}

    async def find(part: Sequence[str]) -> list[Json]:
        body = {"ids": list(part), "types": ["user"]}
        path = f"{_BY_IDS}?$select={properties(names)}"
        reply = await client.send("POST", path, body, priority=Priority.HIGH)
        return await rest_of(client, reply, READ_PEOPLE)

    found = await each(find, chunks(wanted, _MOST_IDS))
    return {user["id"]: person_of(user, names) for users in found for user in users}


def person_of(user: Json, also: frozenset[str]) -> Person:
    """Return the person behind a user; a property Graph did not send is one never set."""
    return Person(user["id"], attributes_of(user, also), tuple(_products(user)))


def _products(user: Json) -> list[str]:
    return [one["skuId"] for one in user.get("assignedLicenses") or ()]


def _manager_changes(user: Json) -> Iterator[ManagerChange]:
    """Yield what an item says of the manager, first who is it no more.

    Graph sends the manager as it sends members: only changes, on an item that has no such entry
    nothing changed, and what one round has to say may be spread over several items and pages.
    """
    # One id may come twice, added and then removed: the last word counts.
    entries = {entry["id"]: "@removed" in entry for entry in user.get(_MANAGERS) or ()}
    for manager in sorted(entries, key=lambda manager: not entries[manager]):
        yield ManagerChange(user["id"], manager, ended=entries[manager])


def _token_of(link: str, also: frozenset[str]) -> str:
    """Return a token that remembers which attributes on demand its rounds read."""
    return f"{','.join(sorted(also))} {link}" if also else link


def _link_of(token: str | None, also: frozenset[str]) -> str | None:
    if token is None:
        return None
    names, _, link = token.rpartition(" ")
    if names != ",".join(sorted(also)):
        raise Resync("The change token was given for other attributes than are wanted now.")
    return link
