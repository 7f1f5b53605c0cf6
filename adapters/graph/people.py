"""People as Graph keeps them, all of them or who changed (docs: user-delta)."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from itertools import chain

from adapters.arrow_cells import ArrowCells
from adapters.graph.client import GraphClient
from adapters.graph.managers import MANAGERS, REMOVED, manager_changes
from adapters.graph.paging import Json, Slice, anyhow, items_in, rounds
from adapters.graph.permissions import READ_PEOPLE
from adapters.graph.persons import (
    ENABLED,
    EVERYBODY_HAS,
    NAME,
    products_of,
    properties,
    users_singly,
)
from domain.attributes import MANAGER
from domain.errors import Resync
from domain.inventory.user_columns import columns_of
from domain.ports import PeoplePage


def start_of(also: frozenset[str]) -> str:
    """Return where a first round begins."""
    return f"/users/delta?$select={properties(also)}"


async def people_pages(
    client: GraphClient, token: str | None, also: frozenset[str]
) -> AsyncGenerator[PeoplePage]:
    """Yield what changed since the token, or everyone; see `Directory.people`."""

    def read(contents: Sequence[bytes]) -> AsyncGenerator[Slice[PeoplePage]]:
        plainly = partial(_plainly, client, also)
        return anyhow(contents, partial(_quickly, also), plainly)

    link = _link_of(token, also)
    async with aclosing(rounds(client, start_of(also), link, READ_PEOPLE, read)) as pages:
        async for page in pages:
            yield replace(
                page.items,
                token=_token_of(page.end, also) if page.end else None,
                after=_token_of(page.next, also) if page.next else None,
            )


def _quickly(also: frozenset[str], contents: Sequence[bytes]) -> Sequence[Slice[PeoplePage]] | None:
    # Loaded here: the library behind it takes long to load.
    from adapters.graph.user_page import pages_of

    found = pages_of(contents, also)
    return found if found and all(_all_told(page.items) for page in found) else None


async def _plainly(client: GraphClient, also: frozenset[str], content: bytes) -> Slice[PeoplePage]:
    page = items_in(content)
    items = await _completed(client, page.items, also)
    return Slice(page_in(items, also), page.next, page.end)


def _all_told(page: PeoplePage) -> bool:
    cells = (page.cells[name] for name in EVERYBODY_HAS)
    return not any(each.array.null_count for each in cells if isinstance(each, ArrowCells))


async def _completed(
    client: GraphClient, users: Sequence[Json], also: frozenset[str]
) -> Sequence[Json]:
    """Return users of a page, those read by themselves of whom it tells a part only.

    Graph says that it tells all that was asked for; if it does not, nobody has lost the rest. It
    did forget `accountEnabled` on all pages but the first (microsoft-graph-docs-contrib, 7935).
    """
    parts = {user["id"] for user in users if REMOVED not in user and _is_part(user)}
    if not parts:
        return users
    whole = await users_singly(client, sorted(parts), also - {MANAGER})
    gone = parts - whole.keys()  # of these this round or the next one tells
    return [
        {**user, **whole.get(user["id"], {})}
        for user in users
        if REMOVED in user or user["id"] not in gone
    ]


def _is_part(user: Json) -> bool:
    return user.get(NAME) is None or ENABLED not in user


def page_in(users: Sequence[Json], also: frozenset[str]) -> PeoplePage:
    """Return the page of these users, whatever their properties look like."""
    last = {user["id"]: user for user in users}  # one may come twice: the last word counts
    here = [user for user in last.values() if REMOVED not in user]
    changes = (manager_changes(user["id"], user.get(MANAGERS) or ()) for user in users)
    return PeoplePage(
        ids=tuple(user["id"] for user in here),
        cells=columns_of(here, also - {MANAGER}),
        products=[products_of(user) for user in here],
        gone=tuple(person for person, user in last.items() if REMOVED in user),
        managers=tuple(chain.from_iterable(changes)),
    )


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
