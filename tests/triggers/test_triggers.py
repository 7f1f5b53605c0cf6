"""The triggers, indexed and invoked by Microsoft's own worker library."""

import json
from dataclasses import replace

import pytest

from adapters.servicebus.connection import ServiceBus
from adapters.servicebus.queue import ServiceBusQueue
from domain.errors import Later
from domain.kinds import FURTHER
from functions.admin.operations import OPERATIONS
from local.host.in_process import Worker, http_request, service_bus_message, timer_info
from local.host.outcome import Outcome
from tests.contract.simulator import running_simulator
from tests.unit.office import Office

SCHEDULED = {
    "inventory": "%INVENTORY_SCHEDULE%",
    "compile": "%COMPILE_SCHEDULE%",
    "confirm": "%CONFIRM_SCHEDULE%",
    "sweep": "%SWEEP_SCHEDULE%",
    "dead_letters": "%DEAD_LETTERS_SCHEDULE%",
    "renew_watches": "%RENEW_WATCHES_SCHEDULE%",
    **{kind.timer: f"%{kind.schedule}%" for kind in FURTHER},
}
ROUTES = {
    "graph_notifications": ("graph/notifications", "ANONYMOUS"),
    "graph_lifecycle": ("graph/lifecycle", "ANONYMOUS"),
    "health": ("health", "ANONYMOUS"),
    "ready": ("health/ready", "ANONYMOUS"),
    **{each.name: (each.path, "ANONYMOUS") for each in OPERATIONS},
}


pytestmark = pytest.mark.asyncio(loop_scope="session")


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


async def test_every_kind_of_facts_is_read_by_a_timer_of_its_own(
    worker: Worker, office: Office
) -> None:
    for kind in FURTHER:
        assert (await worker.invoke(kind.timer, timer_info())).succeeded
    shelves = await office.shelves.stand(FURTHER)
    assert all(shelf.load for shelf in shelves.values())


async def test_a_bad_message_is_completed_and_kept_as_failed(
    worker: Worker, office: Office
) -> None:
    for name in ("fulfill", "recompile"):
        message = service_bus_message("not json", session_id="s", message_id=f"m-{name}")
        assert (await worker.invoke(name, *message)).succeeded
    assert len(await office.ledger.unreadable()) == 2


async def test_an_anticipated_failure_fails_a_timer_with_its_sentence(
    worker: Worker, office: Office
) -> None:
    outcome = await worker.invoke("compile", timer_info())
    assert "There is no inventory yet" in outcome.error


async def test_health_says_that_the_app_is_there_whatever_is_away(
    worker: Worker, office: Office
) -> None:
    office.warehouse.fail_next("newest", error=Later("The storage is away.", after=2.5))
    answer = await asked(worker, "health", "GET", "/api/health")
    assert (answer.http.status, answer.http.json()) == (200, {"status": "ok"})


async def test_ready_says_how_old_the_inventory_is(worker: Worker, office: Office) -> None:
    ready = (await asked(worker, "ready", "GET", "/api/health/ready")).http.json()
    assert ready == {"status": "ok", "inventory_age_seconds": None}


async def test_storage_that_is_away_is_503_with_when_to_try_again(
    worker: Worker, office: Office
) -> None:
    office.warehouse.fail_next("newest", error=Later("The storage is away.", after=2.5))
    answer = await asked(worker, "ready", "GET", "/api/health/ready")
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


async def test_a_broker_that_is_busy_is_503_and_then_takes_it(
    worker: Worker, office: Office
) -> None:
    """Over the real SDK, told not to try again by itself: that takes longer than Graph waits."""
    with running_simulator() as broker:
        bus = ServiceBus.of_connection_string(broker.connection_string, retries=0)
        office.ports = replace(office.ports, queue=ServiceBusQueue(bus, "fulfillment", "recompile"))
        ada = await office.hire("Ada", "Sales")
        await office.jobs.renew_watches()
        broker.ask("/__sim/faults", {"server_busy": 3_600})

        answer = await told_of(worker, office, ada)
        assert answer.http.status == 503
        assert int(answer.http.headers["Retry-After"]) >= 1
        assert broker.ask("/__sim/queues")["recompile"]["active"] == 0
        assert [notice.followed for notice in office.notices.all.values()] == [False]

        broker.ask("/__sim/faults", {"server_busy": 0})
        answer = await told_of(worker, office, ada)
        assert answer.http.status == 202
        assert broker.ask("/__sim/queues")["recompile"]["active"] >= 1
        await bus.close()


async def told_of(worker: Worker, office: Office, person: str) -> Outcome:
    ((subscription, secret), *_) = office.watches.secrets.items()
    data = {"@odata.type": "#Microsoft.Graph.User", "id": person}
    item = {"subscriptionId": subscription, "clientState": secret, "resourceData": data}
    body = {"value": [item]}
    return await asked(worker, "graph_notifications", "POST", "/api/graph/x", body=body)
