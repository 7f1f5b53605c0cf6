"""The triggers, indexed and invoked by Microsoft's own worker library."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.errors import Later
from local.host.in_process import Worker, http_request, service_bus_message, timer_info
from local.host.outcome import Outcome
from tests.triggers.stage import furnish
from tests.unit.office import Office

SCHEDULED = {
    "inventory": "%INVENTORY_SCHEDULE%",
    "compile": "%COMPILE_SCHEDULE%",
    "confirm": "%CONFIRM_SCHEDULE%",
    "sweep": "%SWEEP_SCHEDULE%",
    "dead_letters": "%DEAD_LETTERS_SCHEDULE%",
    "renew_watches": "%RENEW_WATCHES_SCHEDULE%",
}
ROUTES = {
    "graph_notifications": ("graph/notifications", "ANONYMOUS"),
    "graph_lifecycle": ("graph/lifecycle", "ANONYMOUS"),
    "health": ("health", "ANONYMOUS"),
    "list_bundles": ("v1/bundles", "FUNCTION"),
    "get_bundle": ("v1/bundles/{id}", "FUNCTION"),
    "get_bundle_history": ("v1/bundles/{id}/history", "FUNCTION"),
    "put_bundle": ("v1/bundles/{id}", "FUNCTION"),
    "list_plans": ("v1/plans", "FUNCTION"),
    "get_plan": ("v1/plans/{id}", "FUNCTION"),
    "start_run": ("v1/runs", "FUNCTION"),
    "get_run": ("v1/runs/{id}", "FUNCTION"),
    "get_person": ("v1/people/{id:guid}", "FUNCTION"),
    "get_status": ("v1/status", "FUNCTION"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker() -> AsyncIterator[Worker]:
    started = await Worker.start(Path(__file__).parent / "app")
    yield started
    started.stop()


@pytest.fixture
def office() -> Office:
    return furnish()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def asked(worker: Worker, name: str, method: str, url: str, **rest: object) -> Outcome:
    outcome = await worker.invoke(name, http_request(method, url, **rest))  # type: ignore[arg-type]
    assert outcome.succeeded, outcome.traceback
    return outcome


async def test_every_function_is_there_under_its_name(worker: Worker) -> None:
    assert set(worker.functions) == {*SCHEDULED, *ROUTES, "fulfill", "recompile"}


@pytest.mark.parametrize(("name", "schedule"), SCHEDULED.items())
async def test_timers_follow_their_settings(worker: Worker, name: str, schedule: str) -> None:
    trigger = worker.functions[name].trigger
    assert (trigger["type"], trigger["schedule"]) == ("timerTrigger", schedule)


@pytest.mark.parametrize(("name", "bound"), ROUTES.items())
async def test_routes_and_auth_levels_are_these(
    worker: Worker, name: str, bound: tuple[str, str]
) -> None:
    trigger = worker.functions[name].trigger
    assert (trigger["route"], str(trigger["authLevel"]).upper()) == bound


async def test_fulfillment_is_one_message_a_call_in_sessions(worker: Worker) -> None:
    fulfill, recompile = (worker.functions[name].trigger for name in ("fulfill", "recompile"))
    assert fulfill["queueName"] == "%FULFILLMENT_QUEUE%"
    assert fulfill["isSessionsEnabled"] is True
    assert str(fulfill.get("cardinality", "one")).lower() == "one"
    assert not recompile.get("isSessionsEnabled")


async def test_timers_and_queue_do_the_main_job(worker: Worker, office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    for name in ("inventory", "compile"):
        outcome = await worker.invoke(name, timer_info())
        assert outcome.succeeded, outcome.traceback
    (sent,) = office.queue.pages
    body = json.dumps({"version": 1, "bundle": sent.bundle, "page": sent.page})
    message = service_bus_message(body, session_id=sent.session, message_id=sent.message)
    assert (await worker.invoke("fulfill", *message)).succeeded
    assert office.members(e3) == {ada}
    for name in ("confirm", "sweep", "dead_letters", "renew_watches"):
        assert (await worker.invoke(name, timer_info())).succeeded
    assert not await office.open_rows()


async def test_a_bad_message_is_completed_and_kept_as_failed(
    worker: Worker, office: Office
) -> None:
    for name in ("fulfill", "recompile"):
        message = service_bus_message("not json", session_id="s", message_id=f"m-{name}")
        assert (await worker.invoke(name, *message)).succeeded
    assert await office.ledger.unreadable() == 2


async def test_an_anticipated_failure_fails_a_timer_with_its_sentence(
    worker: Worker, office: Office
) -> None:
    outcome = await worker.invoke("compile", timer_info())
    assert "There is no inventory yet" in outcome.error


async def test_a_run_is_started_and_followed_over_http(worker: Worker, office: Office) -> None:
    started = await asked(worker, "start_run", "POST", "/api/v1/runs")
    assert started.http.status == 202
    run = started.http.json()["run"]
    url, route = f"/api/v1/runs/{run}", {"id": run}
    queued = await asked(worker, "get_run", "GET", url, route=route)
    assert queued.http.json()["state"] == "queued"
    await office.follow_hints()
    done = await asked(worker, "get_run", "GET", url, route=route)
    assert done.http.json()["state"] == "done"


async def test_a_bundle_is_put_got_and_its_history_kept(worker: Worker, office: Office) -> None:
    bundle = await office.offer("e3")
    text = bundle.model_dump_json()
    route, url = {"id": "e3"}, "/api/v1/bundles/e3"
    changed = text.replace('"name":"e3"', '"name":"Renamed"')
    who = [("X-MS-CLIENT-PRINCIPAL-ID", "ada")]
    put = await asked(worker, "put_bundle", "PUT", url, route=route, body=changed, headers=who)
    assert (put.http.status, put.http.json()["version"]) == (200, 2)
    got = (await asked(worker, "get_bundle", "GET", url, route=route)).http.json()
    assert (got["bundle"]["name"], got["by"]) == ("Renamed", "ada")
    history = await asked(worker, "get_bundle_history", "GET", f"{url}/history", route=route)
    assert [version["version"] for version in history.http.json()] == [2, 1]
    listed = await asked(worker, "list_bundles", "GET", "/api/v1/bundles")
    assert len(listed.http.json()) == 1


async def test_a_bad_bundle_is_answered_with_file_line_and_what_is_allowed(
    worker: Worker, office: Office
) -> None:
    put = await asked(
        worker, "put_bundle", "PUT", "/api/v1/bundles/e3", route={"id": "e3"}, body="id: e3\nx: 1"
    )
    assert put.http.status == 400
    assert any(
        line.startswith("e3.yaml:2: There is no field x") for line in put.http.json()["errors"]
    )


@pytest.mark.parametrize("name", ["get_bundle", "get_bundle_history", "get_plan", "get_run"])
async def test_what_does_not_exist_is_404(worker: Worker, office: Office, name: str) -> None:
    answer = await asked(worker, name, "GET", "/api/v1/x/none", route={"id": "none"})
    assert answer.http.status == 404


async def test_a_plan_is_listed_and_shown_with_its_changes(worker: Worker, office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    (listed,) = (await asked(worker, "list_plans", "GET", "/api/v1/plans")).http.json()
    assert (listed["state"], listed["grants"], listed["changes"]) == ("sent", 1, [])
    url, route = f"/api/v1/plans/{listed['id']}", {"id": listed["id"]}
    shown = (await asked(worker, "get_plan", "GET", url, route=route)).http.json()
    assert shown["changes"] == [{"action": "grant", "person": ada, "reason": "meets the rule"}]


async def test_status_and_person_say_how_things_stand(worker: Worker, office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    status = (await asked(worker, "get_status", "GET", "/api/v1/status")).http.json()
    assert status["snapshot"]["people"] == 1
    assert status["bundles"][0]["granted"] == 1
    url, route = f"/api/v1/people/{ada}", {"id": ada.upper()}
    person = (await asked(worker, "get_person", "GET", url, route=route)).http.json()
    assert person["bundles"][0]["last_decision"]["state"] == "confirmed"
    health = (await asked(worker, "health", "GET", "/api/health")).http.json()
    assert health["status"] == "ok"


async def test_storage_that_is_away_is_503_with_when_to_try_again(
    worker: Worker, office: Office
) -> None:
    office.warehouse.fail_next("latest", error=Later("The storage is away.", after=2.5))
    answer = await asked(worker, "health", "GET", "/api/health")
    assert (answer.http.status, answer.http.json()) == (503, {"errors": ["The storage is away."]})
    assert {name.lower(): value for name, value in answer.http.headers.items()}[
        "retry-after"
    ] == "3"


# Webhooks.


@pytest.mark.parametrize("name", ["graph_notifications", "graph_lifecycle"])
async def test_graphs_validation_token_is_echoed_decoded_as_plain_text(
    worker: Worker, office: Office, name: str
) -> None:
    url = "/api/graph/x?validationToken=Validation%3A%20a%2Bb%20%3Cscript%3E"
    answer = await asked(worker, name, "POST", url)
    assert (answer.http.status, answer.http.text) == (200, "Validation: a+b <script>")
    assert answer.http.headers["content-type"].startswith("text/plain")


async def test_a_notification_is_taken_and_a_foreign_one_changes_nothing(
    worker: Worker, office: Office
) -> None:
    ada = await office.hire("Ada", "Sales")
    await office.jobs.renew_watches()
    ((subscription, secret), *_) = office.watches.secrets.items()
    for state, hints in (("wrong", 0), (secret, 1)):
        data = {"@odata.type": "#Microsoft.Graph.User", "id": ada}
        item = {"subscriptionId": subscription, "clientState": state, "resourceData": data}
        body = {"value": [item]}
        answer = await asked(
            worker, "graph_notifications", "POST", "/api/graph/notifications", body=body
        )
        assert answer.http.status == 202
        assert len(office.queue.hints) == hints


@pytest.mark.parametrize("body", ["", "{}", "<html>", '{"value": {}}'])
async def test_a_body_that_is_no_notification_is_400(
    worker: Worker, office: Office, body: str
) -> None:
    for name in ("graph_notifications", "graph_lifecycle"):
        answer = await asked(worker, name, "POST", "/api/graph/x", body=body)
        assert answer.http.status == 400


async def test_a_queue_that_is_away_is_503_so_that_graph_sends_again(
    worker: Worker, office: Office
) -> None:
    ada = await office.hire("Ada", "Sales")
    await office.jobs.renew_watches()
    ((subscription, secret), *_) = office.watches.secrets.items()
    office.queue.fail_next("send_hints", error=Later("Service Bus is away."))
    data = {"@odata.type": "#Microsoft.Graph.User", "id": ada}
    item = {"subscriptionId": subscription, "clientState": secret, "resourceData": data}
    answer = await asked(
        worker, "graph_notifications", "POST", "/api/graph/x", body={"value": [item]}
    )
    assert answer.http.status == 503
