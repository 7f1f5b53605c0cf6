"""Writes of licenses: ask Entra to look again, take direct licenses, license a group.

Sources: Graph docs, user-reprocesslicenseassignment, user-assignlicense, group-assignlicense.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.graph.batch import MOST, Call, post
from adapters.graph.client import GraphClient, NoRoom
from adapters.graph.concurrency import chunks
from adapters.graph.deletions import checked, is_object_id
from adapters.graph.errors import is_transient
from adapters.graph.license_refusals import denied, is_absent, of_license_write
from adapters.graph.permissions import REPROCESS, WRITE_LICENSES
from adapters.graph.reply import Reply
from adapters.graph.verdicts import (
    ALREADY,
    MALFORMED_GROUP,
    MALFORMED_PERSON,
    NO_GROUP,
    NO_PERSON,
)
from adapters.graph.waits import wait_of
from domain.errors import Later, Never, SeatflowError
from domain.outcome import Applied, Outcome, Postponed, Refused

LOOKED_AT = Applied("looked at again")
MAY_NOT_REPROCESS = denied(REPROCESS)
MALFORMED_LICENSE = Refused(
    "A product or service plan is not named by its id.",
    "Name products by skuId and service plans by servicePlanId; nothing was sent to Graph.",
)

type Judge = Callable[[Reply], Outcome]


async def reprocess(client: GraphClient, people: Sequence[str]) -> Mapping[str, Outcome]:
    """Ask Entra to look at people's licenses again; it does so in the background."""
    calls = {
        person: Call("POST", f"/users/{checked(person)}/reprocessLicenseAssignment")
        for person in people
        if is_object_id(person)
    }
    outcomes = await _each(client, calls, REPROCESS, _looked_at)
    return dict.fromkeys(people, MALFORMED_PERSON) | outcomes


async def take_direct(
    client: GraphClient, people: Mapping[str, Sequence[str]]
) -> Mapping[str, Outcome]:
    """Take direct licenses from people.

    All of a person's go in one call, since Graph refuses two calls for her at the same time. One
    that is not hers makes Graph refuse the whole call: then each is taken by itself.
    """
    outcomes = {person: _malformed(person, skus) or ALREADY for person, skus in people.items()}
    good = {person: skus for person, skus in people.items() if outcomes[person] is ALREADY}
    calls = {person: _removal(person, skus) for person, skus in good.items() if skus}
    outcomes |= await _each(client, calls, WRITE_LICENSES, _taken)
    mixed = [person for person in calls if outcomes[person] is ALREADY and len(good[person]) > 1]
    return outcomes | await _one_after_another(client, {person: good[person] for person in mixed})


async def license_group(
    client: GraphClient, group: str, licenses: Mapping[str, Sequence[str]]
) -> Outcome:
    """Set a group's licenses and their disabled service plans; never take one from it.

    Graph accepts it and does it in the background.
    """
    if not is_object_id(group):
        return MALFORMED_GROUP
    if not all(map(is_object_id, [*licenses, *(p for plans in licenses.values() for p in plans)])):
        return MALFORMED_LICENSE
    if not licenses:
        return ALREADY
    adding = [{"skuId": sku, "disabledPlans": list(plans)} for sku, plans in licenses.items()]
    body = {"addLicenses": adding, "removeLicenses": []}
    try:
        reply = await client.send("POST", f"/groups/{checked(group)}/assignLicense", body)
    except (Later, Never) as error:
        return outcome_of(error)
    return of_license_write(reply, WRITE_LICENSES, NO_GROUP)


def outcome_of(error: SeatflowError) -> Outcome:
    """Return the outcome that an error of Graph's is for everyone it was about."""
    if isinstance(error, Never):
        return Refused(error.reason, error.fix)
    if isinstance(error, NoRoom):
        return Postponed(error.after, str(error), tried=False)
    return Postponed(error.after if isinstance(error, Later) else 0.0, str(error))


async def _one_after_another(
    client: GraphClient, people: Mapping[str, Sequence[str]]
) -> dict[str, Outcome]:
    """Take the first license of everyone, then the second, and so on; the worst outcome counts."""
    outcomes: dict[str, Outcome] = dict.fromkeys(people, ALREADY)
    for turn in range(max(map(len, people.values()), default=0)):
        calls = {
            person: _removal(person, skus[turn : turn + 1])
            for person, skus in people.items()
            if turn < len(skus)
        }
        taken = await _each(client, calls, WRITE_LICENSES, _taken)
        outcomes |= {person: _worse(outcomes[person], outcome) for person, outcome in taken.items()}
    return outcomes


async def _each(
    client: GraphClient, calls: Mapping[str, Call], permission: str, judge: Judge
) -> dict[str, Outcome]:
    """Make each person's call, twenty in a batch; once Graph asks to wait, no more are sent."""
    outcomes: dict[str, Outcome] = {}
    stop: Outcome | None = None
    for people in chunks(list(calls), MOST):
        if stop is not None:
            outcomes |= dict.fromkeys(people, stop)
            continue
        try:
            replies = await post(client, [calls[person] for person in people], permission)
        except (Later, Never) as error:
            stop = outcome_of(error)
            outcomes |= dict.fromkeys(people, stop)
        else:
            stop = _to_wait(replies)
            outcomes |= dict(zip(people, map(judge, replies), strict=True))
    return outcomes


def _to_wait(replies: Sequence[Reply]) -> Postponed | None:
    """Return the outcome of those who were not asked about, because Graph is busy."""
    waits = [wait_of(reply) for reply in replies if is_transient(reply)]
    return Postponed(max(waits), "Graph asked to wait.", tried=False) if waits else None


def _looked_at(reply: Reply) -> Outcome:
    return LOOKED_AT if reply.ok else of_license_write(reply, REPROCESS, NO_PERSON)


def _taken(reply: Reply) -> Outcome:
    # Who is not in the directory holds nothing.
    return ALREADY if is_absent(reply) else of_license_write(reply, WRITE_LICENSES, ALREADY)


def _removal(person: str, skus: Sequence[str]) -> Call:
    body: dict[str, Any] = {"addLicenses": [], "removeLicenses": list(skus)}
    return Call("POST", f"/users/{checked(person)}/assignLicense", body)


def _malformed(person: str, skus: Sequence[str]) -> Outcome | None:
    if not is_object_id(person):
        return MALFORMED_PERSON
    return None if all(map(is_object_id, skus)) else MALFORMED_LICENSE


def _worse(one: Outcome, other: Outcome) -> Outcome:
    """Of two outcomes about one person, return the one that leaves more to be done or told."""
    return max((one, other), key=_weight)


def _weight(outcome: Outcome) -> int:
    match outcome:
        case Refused():
            return 3
        case Postponed():
            return 2
        case _:
            return 0 if outcome == ALREADY else 1
