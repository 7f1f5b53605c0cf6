"""Queue functions on a broker: order, settlement, locks, concurrency, against the simulator."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage

from tests.host.broker import RunningBroker, connection_string, texts
from tests.host.processes import RunningHost, write_app

APP = """
def said(event, message):
    body = message.get_body().decode()
    known = f"{message.session_id} {body} {message.delivery_count}"
    logging.getLogger("app").info("%s %s", event, known)

@app.service_bus_queue_trigger(
    arg_name="m", queue_name="ordered", connection="Bus", is_sessions_enabled=True)
async def ordered(m: func.ServiceBusMessage) -> None:
    said("ordered begins", m)
    await asyncio.sleep(0.1)
    said("ordered ends", m)

@app.service_bus_queue_trigger(arg_name="m", queue_name="plain", connection="Bus")
async def plain(m: func.ServiceBusMessage) -> None:
    said("plain begins", m)
    await asyncio.sleep(0.2)
    said("plain ends", m)

@app.service_bus_queue_trigger(arg_name="m", queue_name="poison", connection="Bus")
def poison(m: func.ServiceBusMessage) -> None:
    said("poison", m)
    raise ValueError("cannot be read")

@app.service_bus_queue_trigger(arg_name="m", queue_name="long", connection="Bus")
async def long(m: func.ServiceBusMessage) -> None:
    said("long begins", m)
    await asyncio.sleep(7)
    said("long ends", m)

@app.service_bus_queue_trigger(
    arg_name="m", queue_name="long_session", connection="Bus", is_sessions_enabled=True)
async def long_session(m: func.ServiceBusMessage) -> None:
    said("long_session begins", m)
    await asyncio.sleep(7)

@app.service_bus_queue_trigger(
    arg_name="ms", queue_name="batch", connection="Bus", cardinality="many")
async def batch(ms: typing.List[func.ServiceBusMessage]) -> None:
    logging.getLogger("app").info("batch of %s", len(ms))

@app.service_bus_queue_trigger(
    arg_name="m", queue_name="kept", connection="Bus", auto_complete_messages=False)
async def kept(m: func.ServiceBusMessage) -> None:
    said("kept", m)

@app.service_bus_queue_trigger(
    arg_name="m", queue_name="bytes", connection="Bus", data_type="binary")
async def binary(m: func.ServiceBusMessage) -> None:
    logging.getLogger("app").info("binary %s", m.get_body().hex())

@app.service_bus_queue_trigger(arg_name="m", queue_name="traced", connection="Bus")
async def traced(m: func.ServiceBusMessage, context: func.Context) -> None:
    logging.getLogger("app").info("traced [%s]", context.trace_context.trace_parent)
"""
QUEUES = {
    "ordered": {"RequiresSession": True},
    "plain": {},
    "poison": {"MaxDeliveryCount": 3},
    "long": {"LockDuration": "PT5S"},
    "long_session": {"LockDuration": "PT5S", "RequiresSession": True},
    "batch": {},
    "kept": {},
    "bytes": {},
    "traced": {},
}
OPTIONS = {"maxConcurrentCalls": 2, "maxConcurrentSessions": 2, "sessionIdleTimeout": "00:00:00.3"}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    with RunningBroker(tmp_path_factory.mktemp("broker"), QUEUES) as running:
        yield running.ready()


@pytest.fixture(scope="module")
def host(broker: RunningBroker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    host_json = {"version": "2.0", "extensions": {"serviceBus": OPTIONS}}
    settings = {"Bus": connection_string(broker.address)}
    folder: Path = tmp_path_factory.mktemp("bus") / "app"
    app = write_app(folder, APP, host_json=host_json, settings=settings)
    # These two take seconds, in which the other tests run.
    broker.send("long", *texts(["slow"]))
    broker.send("long_session", *texts(["slow"], session="s"))
    with RunningHost(app) as running:
        yield running.ready()


def events(host: RunningHost, pattern: str) -> list[list[str]]:
    """Return what functions said: [event, session, body, delivery count]."""
    return [line.split("app: ")[1].split()[1:] for line in host.found(pattern)]


def most_at_a_time(said: list[list[str]]) -> int:
    running = [0]
    for event, *_ in said:
        running.append(running[-1] + (1 if event == "begins" else -1))
    return max(running)


def test_a_session_is_in_order_and_sessions_run_side_by_side(
    broker: RunningBroker, host: RunningHost
) -> None:
    expected = {session: [f"{session}{n}" for n in range(4)] for session in ("a", "b", "c")}
    sent = [texts(bodies, session) for session, bodies in expected.items()]
    broker.send("ordered", *chain.from_iterable(sent))
    host.wait_for("ordered ends", times=12)

    said = events(host, "ordered (begins|ends)")
    for session in expected:
        bodies = [body for event, of, body, _ in said if (event, of) == ("begins", session)]
        assert bodies == expected[session]
        assert most_at_a_time([e for e in said if e[1] == session]) == 1
    assert most_at_a_time(said) == OPTIONS["maxConcurrentSessions"]
    broker.wait_until("ordered", active=0, locked=0, dead=0)


def test_calls_run_side_by_side_up_to_the_limit(broker: RunningBroker, host: RunningHost) -> None:
    broker.send("plain", *texts([f"p{n}" for n in range(6)]))
    host.wait_for("plain ends", times=6)

    assert most_at_a_time(events(host, "plain (begins|ends)")) == OPTIONS["maxConcurrentCalls"]
    broker.wait_until("plain", active=0, locked=0, dead=0)


def test_a_failing_message_comes_again_until_it_is_a_dead_letter(
    broker: RunningBroker, host: RunningHost
) -> None:
    broker.send("poison", *texts(["bad"]))
    broker.wait_until("poison", dead=1)

    deliveries = [line.split()[-1] for line in host.found("app: poison")]
    assert deliveries == ["1", "2", "3"]


def test_a_batch_is_one_invocation(broker: RunningBroker, host: RunningHost) -> None:
    broker.send("batch", *texts(["1", "2", "3"]))
    broker.wait_until("batch", active=0, locked=0, dead=0)

    sizes = [int(line.split()[-1]) for line in host.wait_for("batch of")]
    assert sum(sizes) == 3
    assert len(sizes) < 3


def test_without_auto_complete_a_message_stays_locked(
    broker: RunningBroker, host: RunningHost
) -> None:
    broker.send("kept", *texts(["mine"]))
    host.wait_for("host: kept succeeded")

    broker.wait_until("kept", active=0, locked=1, dead=0)


def test_bytes_that_are_no_text_arrive_with_a_binary_data_type(
    broker: RunningBroker, host: RunningHost
) -> None:
    (message,) = texts(["x"])
    broker.send("bytes", type(message)(b"\xff\x00\xfe"))

    host.wait_for("binary ff00fe")


def test_a_message_brings_the_trace_it_was_sent_in(
    broker: RunningBroker, host: RunningHost
) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    known = ServiceBusMessage("1", application_properties={"Diagnostic-Id": trace})
    broker.send("traced", known, ServiceBusMessage("2"))
    host.wait_for(r"traced \[", times=2)

    found = [line.split("app: traced ")[1] for line in host.found(r"traced \[")]
    assert sorted(found) == [f"[{trace}]", "[]"]


@pytest.mark.parametrize("function", ["long", "long_session"])
def test_a_lock_is_renewed_while_a_long_invocation_runs(
    broker: RunningBroker, host: RunningHost, function: str
) -> None:
    host.wait_for(f"host: {function} succeeded")
    broker.wait_until(function, active=0, locked=0, dead=0)

    assert len(host.found(f"{function} begins")) == 1
    assert not host.found("is not settled|could not be renewed")
