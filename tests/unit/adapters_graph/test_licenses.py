"""What Graph does not say about licenses is unknown; it is not "no licenses"."""

from datetime import UTC, datetime

import pytest

from adapters.graph.client import GraphClient
from adapters.graph.licenses import licenses, state_of
from domain.errors import Later
from domain.outcome import LicenseState
from tests.unit.adapters_graph.scripted import Scripted

ADA = "11111111-2222-3333-4444-555555555555"
GROUP = "66666666-7777-8888-9999-000000000000"
SKU = "05e9a617-0261-4cee-bb44-138d3ef5d965"
STATE: dict[str, object] = {
    "skuId": SKU,
    "assignedByGroup": GROUP,
    "state": "Active",
    "error": "None",
}


def person(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def batched(*users: object) -> dict[str, object]:
    answers = [{"id": str(n), "status": 200, "body": user} for n, user in enumerate(users)]
    return {"responses": answers}


@pytest.mark.parametrize("body", [{"id": ADA}, {"id": ADA, "licenseAssignmentStates": None}, None])
async def test_a_person_whose_states_did_not_come_is_asked_about_later(
    server: Scripted, client: GraphClient, body: object
) -> None:
    server.say(batched(body))
    with pytest.raises(Later) as error:
        await licenses(client, [ADA])
    assert error.value.after > 0


async def test_a_person_with_no_states_has_no_licenses(
    server: Scripted, client: GraphClient
) -> None:
    server.say(batched({"id": ADA, "licenseAssignmentStates": []}))
    assert await licenses(client, [ADA]) == {ADA: ()}


@pytest.mark.parametrize("untold", [{}, {"licenseAssignmentStates": None}])
async def test_who_is_listed_without_states_is_read_alone(
    server: Scripted, client: GraphClient, untold: dict[str, None]
) -> None:
    people = [person(number) for number in range(20)]
    told = [{"id": id, "licenseAssignmentStates": []} for id in people[1:]]
    server.say(batched({"value": [{"id": people[0], **untold}, *told[:14]]}, {"value": told[14:]}))
    server.say(batched({"id": people[0], "licenseAssignmentStates": [STATE]}))

    states = await licenses(client, people)

    assert states[people[0]] == (LicenseState(SKU, GROUP, active=True),)
    assert [states[id] for id in people[1:]] == [()] * 19
    assert len(server.seen) == 2


async def test_who_is_missing_in_the_list_is_gone_only_if_she_is_not_found_alone(
    server: Scripted, client: GraphClient
) -> None:
    there, gone = person(1), person(2)
    server.say(batched({"value": []}))
    answers: list[dict[str, object]] = [
        {"id": "0", "status": 200, "body": {"id": there, "licenseAssignmentStates": [STATE]}},
        {"id": "1", "status": 404, "body": {"error": {"code": "Request_ResourceNotFound"}}},
    ]
    server.say({"responses": answers})

    states = await licenses(client, [there, gone])

    assert states == {there: (LicenseState(SKU, GROUP, active=True),), gone: None}


async def test_a_list_that_is_refused_or_cut_off_is_not_an_empty_one(
    server: Scripted, client: GraphClient
) -> None:
    people = [person(1), person(2)]
    server.say({"responses": [{"id": "0", "status": 400, "body": {"error": {"code": "No"}}}]})
    server.say(batched(*({"id": id, "licenseAssignmentStates": []} for id in people)))
    assert await licenses(client, people) == dict.fromkeys(people, ())

    server.say({"responses": [{"id": "0", "status": 503, "body": None}]})
    server.say({"responses": [{"id": "0", "status": 503, "body": None}]})
    with pytest.raises(Later):
        await licenses(client, people)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02T12:00:00Z", datetime(2026, 11, 2, 12, tzinfo=UTC)),
        ("2026-11-02T13:00:00.1234567+01:00", datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2026-11-02T12:00:00", datetime(2026, 11, 2, 12, tzinfo=UTC)),
        ("lately", None),
        ("", None),
        (None, None),
    ],
)
def test_when_entra_last_looked_at_it_is_told_in_utc(text: object, moment: datetime | None) -> None:
    assert state_of(STATE | {"lastUpdatedDateTime": text}).updated_at == moment


def test_the_plans_that_are_off_are_told() -> None:
    plans = {"disabledPlans": [ADA, GROUP]}
    assert state_of(STATE | plans).disabled == {ADA, GROUP}
    assert state_of(STATE | {"disabledPlans": None}).disabled == frozenset()
