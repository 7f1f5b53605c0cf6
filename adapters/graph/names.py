"""People by the names people use: object id, user principal name, mail address.

A name is personal data, so nothing of it may reach an error, which would be logged: Graph repeats
names in the messages of its errors, and therefore only their codes are kept here.
"""

import re
from urllib.parse import quote

from adapters.graph.client import GraphClient
from adapters.graph.deletions import is_object_id
from adapters.graph.errors import error_of
from adapters.graph.paging import values_of
from adapters.graph.permissions import READ_PEOPLE
from adapters.graph.reply import Reply
from domain.errors import Never

_PRINCIPAL = re.compile(r"[\w.'!#^~-]+@[\w.-]+", re.ASCII)
"""The characters a user principal name may have (Entra docs: userPrincipalName policies)."""
_ADDRESS = re.compile(r"[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+")


async def find_person(client: GraphClient, name: str) -> str | None:
    """Return the id of the person of this name, or None (docs: user-get, user-list).

    Raises:
        Later: Graph cannot answer now.
        Never: Graph refuses, or several people have this mail address.
    """
    if is_object_id(name) or _PRINCIPAL.fullmatch(name):
        reply = await client.send("GET", f"/users/{quote(name, safe='')}?$select=id")
        if reply.ok:
            return str(reply.whole()["id"])
        if reply.status != 404:
            raise _nameless(reply)
    return await _by_mail(client, name) if _ADDRESS.fullmatch(name) else None


async def _by_mail(client: GraphClient, address: str) -> str | None:
    literal = quote(address.replace("'", "''"), safe="")
    reply = await client.send("GET", f"/users?$filter=mail%20eq%20'{literal}'&$select=id&$top=2")
    if not reply.ok:
        raise _nameless(reply)
    found = [str(user["id"]) for user in values_of(reply.body)]
    if len(found) > 1:
        raise Never("Several people have this mail address.", "Name the person by object id.")
    return found[0] if found else None


def _nameless(reply: Reply) -> Exception:
    bare = Reply(reply.status, reply.headers, {"error": {"code": reply.code}})
    return error_of(bare, READ_PEOPLE)
