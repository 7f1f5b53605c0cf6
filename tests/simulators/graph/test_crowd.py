"""A crowd is read, changed and left like anybody else, though nobody in it is kept anywhere."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from simulators.graph.crowd import Crowd, person_id
from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import person

PEOPLE = 450
ADA, BOB = person_id(7), person_id(8)
USERS = "/users/delta?$select=department,assignedLicenses"


@pytest.fixture
async def crowd() -> AsyncIterator[Simulation]:
    async with simulation({"users": [person("linus")]}) as running:
        running.world.gather(Crowd(PEOPLE))
        yield running


def by_id(value: list[Any]) -> dict[str, Any]:
    found = {item["id"]: item for item in value}
    assert len(found) == len(value)
    return found


async def test_a_first_round_brings_everyone_once(crowd: Simulation) -> None:
    made, _, _ = await crowd.round(USERS)
    kept, _, pages = await crowd.round(USERS)  # from the pages that were kept

    users = by_id(made)
    assert (by_id(kept), len(users), pages) == (users, PEOPLE + 1, 3)
    assert set(users[ADA]) == {"id", "department", "assignedLicenses"}
    assert len(users[ADA]["assignedLicenses"]) == 2


async def test_what_is_written_lies_over_the_crowd(crowd: Simulation) -> None:
    _, link, _ = await crowd.round(USERS)
    name = (await crowd.get(f"/users/{ADA}"))["userPrincipalName"]
    await crowd.call("PATCH", f"/users/{name}", {"department": "Legal"})
    await crowd.call("DELETE", f"/users/{BOB}")

    changed, _, _ = await crowd.round(link)
    everyone, _, _ = await crowd.round(USERS)

    assert {id: user.get("department") for id, user in by_id(changed).items()} == {
        ADA: "Legal",
        BOB: None,
    }
    users = by_id(everyone)
    assert users[ADA]["department"] == "Legal"
    assert BOB not in users
    assert len(users) == PEOPLE


async def test_members_come_and_go(crowd: Simulation) -> None:
    value, link, _ = await crowd.round("/groups/delta?$select=displayName,members")
    team = next(group for group in value if len(group.get("members@delta", ())) > 1)
    leaver, *_ = (member["id"] for member in team["members@delta"])
    joiner = person("linus")["id"]
    before = {group["id"] for group in (await crowd.get(f"/users/{leaver}/memberOf"))["value"]}

    await crowd.call("DELETE", f"/groups/{team['id']}/members/{leaver}/$ref")
    reference = {"@odata.id": f"x/users/{joiner}"}
    await crowd.call("POST", f"/groups/{team['id']}/members/$ref", reference)

    (entry,), _, _ = await crowd.round(link)
    assert {member["id"]: "@removed" in member for member in entry["members@delta"]} == {
        leaver: True,
        joiner: False,
    }
    after = {group["id"] for group in (await crowd.get(f"/users/{leaver}/memberOf"))["value"]}
    assert before - after == {team["id"]}
