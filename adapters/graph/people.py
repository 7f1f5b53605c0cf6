"""People as Graph keeps them: `users/delta` and single users (docs: user-delta, user-get)."""

from collections.abc import AsyncIterator

from adapters.graph.client import GraphClient
from adapters.graph.paging import Json, rounds
from adapters.graph.permissions import READ_PEOPLE
from domain.attributes import SOURCES
from domain.people import Person, attributes_of
from domain.ports import PeoplePage

_PROPERTIES = sorted({source.split(".")[0] for source in SOURCES.values()} | {"assignedLicenses"})

SELECT = "$select=" + ",".join(_PROPERTIES)
"""Every property behind an attribute, and the licenses."""


async def people_pages(client: GraphClient, token: str | None) -> AsyncIterator[PeoplePage]:
    """Yield what changed since the token, or everyone; see `Directory.people`."""
    async for users, end in rounds(client, f"/users/delta?{SELECT}", token, READ_PEOPLE):
        last = {user["id"]: user for user in users}  # one may come twice: the last word counts
        present = tuple(person_of(user) for user in last.values() if "@removed" not in user)
        gone = tuple(person for person, user in last.items() if "@removed" in user)
        yield PeoplePage(present, gone, end)


def person_of(user: Json) -> Person:
    """Return the person behind a user; a property Graph did not send is one never set."""
    licenses = user.get("assignedLicenses") or ()
    return Person(user["id"], attributes_of(user), tuple(one["skuId"] for one in licenses))
