"""People as Graph keeps them: `users/delta` and single users (docs: user-delta, user-get)."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from itertools import chain

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import is_object_id
from adapters.graph.errors import error_of
from adapters.graph.managers import MANAGERS, REMOVED, manager_changes
from adapters.graph.paging import Json, Slice, items_in, rest_of, rounds
from adapters.graph.permissions import READ_PEOPLE
from adapters.graph.priority import Priority
from domain.attributes import MANAGER, SOURCES, is_custom, source_of
from domain.errors import Later, Resync
from domain.inventory.people import Person, attributes_of
from domain.inventory.user_columns import columns_of
from domain.ports import PeoplePage

_ALWAYS = {source.split(".")[0] for source in SOURCES.values()} | {"assignedLicenses"}
_BY_IDS = "/directoryObjects/getByIds"
_MOST_IDS = 1000
_AGAIN = 10.0
"""Seconds."""


def properties(also: frozenset[str]) -> str:
    """Return every property behind an attribute, and the licenses, as `$select` wants them."""
    return ",".join(sorted(_selected(also)))


def _selected(also: frozenset[str]) -> set[str]:
    return _ALWAYS | {source_of(name).split(".")[0] for name in also}


def start_of(also: frozenset[str]) -> str:
    """Return where a first round begins."""
    return f"/users/delta?$select={properties(also)}"


async def people_pages(
    client: GraphClient, token: str | None, also: frozenset[str]
) -> AsyncGenerator[PeoplePage]:
    """Yield what changed since the token, or everyone; see `Directory.people`."""

    async def read(content: bytes) -> Slice[PeoplePage]:
        # Loaded here: the library behind it takes long to load.
        from adapters.graph.user_page import page_of

        found = await asyncio.to_thread(page_of, content, also)
        if found is not None:
            return found
        page = await items_in(content)
        return Slice(page_in(page.items, also), page.next, page.end)

    link = _link_of(token, also)
    async with aclosing(rounds(client, start_of(also), link, READ_PEOPLE, read)) as pages:
        async for page in pages:
            yield replace(
                page.items,
                token=_token_of(page.end, also) if page.end else None,
                after=_token_of(page.next, also) if page.next else None,
            )


def page_in(users: Sequence[Json], also: frozenset[str]) -> PeoplePage:
    """Return the page of these users, whatever their properties look like."""
    last = {user["id"]: user for user in users}  # one may come twice: the last word counts
    here = [user for user in last.values() if REMOVED not in user]
    changes = (manager_changes(user["id"], user.get(MANAGERS) or ()) for user in users)
    return PeoplePage(
        ids=tuple(user["id"] for user in here),
        cells=columns_of(here, also - {MANAGER}),
        products=[_products(user) for user in here],
        gone=tuple(person for person, user in last.items() if REMOVED in user),
        managers=tuple(chain.from_iterable(changes)),
    )


async def find_people(
    client: GraphClient, ids: Iterable[str], also: frozenset[str]
) -> Mapping[str, Person]:
    """Return those of the people who exist; a manager is not read (docs: getbyids).

    The docs do not say that this tells everything it is asked for, with null where nobody set it.
    Whoever it leaves something out of is read by herself: it may be set.

    Raises:
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
    whole = {id: person_of(user, names) for id, user in users.items() if asked <= user.keys()}
    rest = sorted(users.keys() - whole.keys())
    singly = await read_singly(client, rest, names)
    if len(singly) < len(rest):
        raise Later("Graph found a person and then it did not.", _AGAIN)
    return whole | singly


async def read_singly(
    client: GraphClient, people: Sequence[str], also: frozenset[str]
) -> dict[str, Person]:
    """Return those of the people who exist, with their managers if these are wanted."""
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
    return {person: person_of(reply.whole(), also) for person, reply in pairs if reply.ok}


def person_of(user: Json, also: frozenset[str]) -> Person:
    """Return the person behind a user; a property Graph did not send is one never set."""
    return Person(user["id"], attributes_of(user, also), tuple(_products(user)))


def _products(user: Json) -> list[str]:
    return [one["skuId"] for one in user.get("assignedLicenses") or ()]


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
