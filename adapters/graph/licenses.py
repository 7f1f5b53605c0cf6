"""Which licenses people have, by which route, and what is wrong with them.

Source: Graph docs, resources/licenseAssignmentState.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from adapters.graph.batch import Call, post_all
from adapters.graph.client import GraphClient
from adapters.graph.deletions import checked, is_object_id
from adapters.graph.errors import error_of
from adapters.graph.paging import Json, rest_of
from adapters.graph.permissions import READ_GROUPS, READ_PEOPLE
from adapters.graph.reply import Reply
from domain.errors import Later
from domain.outcome import LicenseError, LicenseState

type States = tuple[LicenseState, ...]

FEW = 60
"""So many people are read one by one; for more it is cheaper to read all members of the target."""

_AGAIN = 10.0
_SELECT = "$select=id,licenseAssignmentStates"


async def licenses(
    client: GraphClient, target: str, people: Sequence[str]
) -> Mapping[str, States | None]:
    """Return people's licenses by every route; None for a person who is gone."""
    wanted = [person for person in dict.fromkeys(people) if is_object_id(person)]
    found: dict[str, States | None] = {}
    if len(wanted) > FEW and is_object_id(target):
        members = await _members(client, target)
        found = {person: members[person] for person in wanted if person in members}
    missing = [person for person in wanted if person not in found]
    nobody: dict[str, States | None] = dict.fromkeys(people)
    return nobody | found | await _one_by_one(client, missing)


async def _members(client: GraphClient, target: str) -> Mapping[str, States]:
    url = f"/groups/{target}/members/microsoft.graph.user?{_SELECT}&$top=999"
    first = await client.send("GET", url)
    if first.status == 404:
        return {}  # the target is gone: everyone is read one by one
    users = await rest_of(client, first, READ_GROUPS)
    # A member whose states did not come is not known to have none: she is read one by one.
    return {user["id"]: _states(user) for user in users if _told(user)}


async def raw_states(
    client: GraphClient, people: Sequence[str]
) -> Mapping[str, Sequence[Json] | None]:
    """Return people's license assignment states as Graph gives them; None for who is gone.

    Raises:
        Later: Graph cannot answer now, or left a person's states out.
        Never: Graph refuses.
    """
    calls = [Call("GET", f"/users/{checked(person)}?{_SELECT}") for person in people]
    replies = await post_all(client, calls, READ_PEOPLE)
    return {person: _of_reply(reply) for person, reply in zip(people, replies, strict=True)}


async def _one_by_one(client: GraphClient, people: Sequence[str]) -> dict[str, States | None]:
    found = await raw_states(client, people)
    return {
        person: None if states is None else tuple(map(state_of, states))
        for person, states in found.items()
    }


def _of_reply(reply: Reply) -> Sequence[Json] | None:
    if reply.status == 404:
        return None
    if not reply.ok:
        raise error_of(reply, READ_PEOPLE)
    user = reply.whole()
    if not _told(user):
        raise Later("Graph answered for a person without her license states.", _AGAIN)
    states: Sequence[Json] = user["licenseAssignmentStates"]
    return states


def _told(user: Json) -> bool:
    return user.get("licenseAssignmentStates") is not None


def _states(user: Json) -> States:
    return tuple(state_of(state) for state in user["licenseAssignmentStates"])


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
