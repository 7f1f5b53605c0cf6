"""Bad days to order."""

from typing import Any

import aiohttp
import pytest
from msgraph.generated.models.o_data_errors.o_data_error import ODataError

from tests.simulators.graph.simulation import Simulation, until
from tests.simulators.graph.tenant import id_of
from tests.simulators.graph.test_batch import add, batch


async def order(graph: Simulation, **fault: Any) -> None:
    await graph.control("POST", "faults", fault)


async def test_a_fault_strikes_so_many_times_and_what_it_matches_only(graph: Simulation) -> None:
    await order(graph, match="GET /users", status=503, times=2, retry_after=7)

    first, second, third = [await graph.call("GET", "/users") for _ in range(3)]
    groups, _, _ = await graph.call("GET", "/groups")

    assert [first[0], second[0], third[0], groups] == [503, 503, 200, 200]
    assert first[1]["error"]["code"] == "ServiceNotAvailable"
    assert first[2]["Retry-After"] == "7"


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500, 502, 503, 504, 599])
async def test_the_sdk_reads_every_kind_of_failure(graph: Simulation, status: int) -> None:
    await order(graph, match="GET /organization", status=status)

    with pytest.raises(ODataError) as caught:
        await graph.sdk.organization.get()

    assert caught.value.response_status_code == status


async def test_a_share_of_requests_fails(graph: Simulation) -> None:
    await order(graph, match="GET /organization", status=500, share=0.5)

    statuses = {(await graph.call("GET", "/organization"))[0] for _ in range(40)}

    assert statuses == {200, 500}


async def test_a_fault_after_the_work_is_done_hides_that_it_was(graph: Simulation) -> None:
    await order(graph, match=r"POST .*\$ref", status=504, times=1, when="after")
    reference = {"@odata.id": f"x/users/{id_of('linus')}"}
    path = f"/groups/{id_of('plain')}/members/$ref"

    first, _, _ = await graph.call("POST", path, reference)
    second, _, _ = await graph.call("POST", path, reference)

    assert (first, second) == (504, 400)


async def test_items_of_a_batch_fail_by_themselves(graph: Simulation) -> None:
    await order(graph, match="POST /groups", status=503, times=1, in_batch=True)

    answers = await batch(graph, add(1, "linus"), add(2, "grace"))

    assert [answers["1"]["status"], answers["2"]["status"]] == [503, 204]


@pytest.mark.parametrize("cut", ["half", "none"])
async def test_connections_break(graph: Simulation, cut: str) -> None:
    await order(graph, match="GET /users", body=cut)

    with pytest.raises(aiohttp.ClientError):
        await graph.call("GET", "/users")

    await graph.control("DELETE", "faults")
    assert (await graph.call("GET", "/users"))[0] == 200


async def test_a_silent_service_makes_the_client_give_up(graph: Simulation) -> None:
    await order(graph, match="GET /users", body="timeout", times=1)
    limit = aiohttp.ClientTimeout(total=0.2)

    with pytest.raises(TimeoutError):
        async with graph.http.get(
            f"{graph.address}/v1.0/users", timeout=limit, headers={"Authorization": "Bearer x"}
        ):
            pass

    await until(lambda: graph.world.faults.in_force() == [])


async def test_faults_are_listed_and_cleared(graph: Simulation) -> None:
    await order(graph, match="GET /users", status=503)
    assert len(await graph.control("GET", "faults")) == 1

    await graph.control("DELETE", "faults")
    assert (await graph.call("GET", "/users"))[0] == 200


async def test_a_fault_that_makes_no_sense_is_one_sentence(graph: Simulation) -> None:
    url = f"{graph.address}/__sim/faults"
    for fault in ({"status": 200}, {"match": "("}, {"sttus": 503}):
        async with graph.http.post(url, json=fault) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"].startswith("fault ")
