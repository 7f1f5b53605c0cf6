"""Which licenses people have, by which route, and what is wrong with them.

Source: Graph docs, resources/licenseAssignmentState.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks
from adapters.graph.deletions import checked, is_object_id
from adapters.graph.errors import error_of, is_transient
from adapters.graph.paging import Json, rest_of
from adapters.graph.permissions import READ_PEOPLE
from adapters.graph.reply import Reply
from domain.errors import Later
from domain.outcome import LicenseError, LicenseState

type States = tuple[LicenseState, ...]
type Raw = Sequence[Json]

AT_ONCE = 15
"""So many values `$filter=id in (...)` takes; it costs no more than the read of one person."""

_AGAIN = 10.0
_SELECT = "$select=id,licenseAssignmentStates"


async def licenses(client: GraphClient, people: Sequence[str]) -> Mapping[str, States | None]:
    """Return people's licenses by every route; None for a person who is gone.

    Raises:
        Later: Graph cannot answer now, or left a person's states out.
        Never: Graph refuses.
    """
    wanted = [person for person in dict.fromkeys(people) if is_object_id(person)]
    listed = await _listed(client, wanted) if len(wanted) > 1 else {}
    # Who is missing in a list is not known to be gone, and without states not known to have none.
    alone = await raw_states(client, [person for person in wanted if person not in listed])
    states = {
        person: None if found is None else tuple(map(state_of, found))
        for person, found in (listed | alone).items()
    }
    return {person: states.get(person) for person in people}


async def _listed(client: GraphClient, people: Sequence[str]) -> dict[str, Raw | None]:
    calls = [
        Call("GET", f"/users?{_SELECT}&$top={AT_ONCE}&$filter={_one_of(part)}")
        for part in chunks(people, AT_ONCE)
    ]
    found: dict[str, Raw | None] = {}
    for reply in await post_all(client, calls, READ_PEOPLE):
        if reply.status == 400 and not is_transient(reply):
            continue  # a Graph that takes no such filter: they are read one by one
        users = await rest_of(client, reply, READ_PEOPLE)
        found |= {user["id"]: _states(user) for user in users if _told(user)}
    return found


def _one_of(people: Sequence[str]) -> str:
    return quote(f"id in ({','.join(repr(checked(person)) for person in people)})", safe="(),'")


async def raw_states(client: GraphClient, people: Sequence[str]) -> dict[str, Raw | None]:
    """Return people's license assignment states as Graph gives them; None for who is gone.

    Raises:
        Later: Graph cannot answer now, or left a person's states out.
        Never: Graph refuses.
    """
    calls = [Call("GET", f"/users/{checked(person)}?{_SELECT}") for person in people]
    replies = await post_all(client, calls, READ_PEOPLE)
    return {person: _of_reply(reply) for person, reply in zip(people, replies, strict=True)}


def _of_reply(reply: Reply) -> Raw | None:
    if reply.status == 404:
        return None
    if not reply.ok:
        raise error_of(reply, READ_PEOPLE)
    user = reply.whole()
    if not _told(user):
        raise Later("Graph answered for a person without her license states.", _AGAIN)
    return _states(user)


def _told(user: Json) -> bool:
    return user.get("licenseAssignmentStates") is not None


def _states(user: Json) -> Raw:
    return tuple(user["licenseAssignmentStates"])


def state_of(state: Json) -> LicenseState:
    """Return one license assignment state in our words."""
    return LicenseState(
        sku=state["skuId"],
        group=state.get("assignedByGroup"),
        active=state.get("state") == "Active",
        error=_error(state.get("error")),
        updated_at=_moment(state.get("lastUpdatedDateTime")),
        disabled=frozenset(state.get("disabledPlans") or ()),
    )


def _moment(text: object) -> datetime | None:
    """Return when, in UTC; None where Graph does not say so in a way that can be read."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _error(text: str | None) -> LicenseError | None:
    if not text or text == "None":
        return None
    known = {error.value: error for error in LicenseError}
    return known.get(text, LicenseError.OTHER)
