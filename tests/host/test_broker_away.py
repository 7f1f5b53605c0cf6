"""A host whose broker goes away, comes back, or comes late; and one told to stop in mid-message."""

from pathlib import Path

from tests.host.broker import RunningBroker, connection_string, free_port, texts
from tests.host.processes import RunningHost, write_app

APP = """
@app.service_bus_queue_trigger(
    arg_name="m", queue_name="changes", connection="Bus", is_sessions_enabled=True)
async def fulfill(m: func.ServiceBusMessage) -> None:
    await asyncio.sleep(0.2)
    logging.getLogger("app").info("fulfilled %s %s", m.session_id, m.get_body().decode())

@app.service_bus_queue_trigger(arg_name="m", queue_name="hints", connection="Bus")
async def recompile(m: func.ServiceBusMessage) -> None:
    logging.getLogger("app").info("recompile begins")
    await asyncio.sleep(1)
    while m.get_body() == b"slow" and not os.path.exists("go"):
        await asyncio.sleep(0.05)
    logging.getLogger("app").info("recompile ends")
"""
QUEUES = {
    "changes": {"RequiresSession": True, "LockDuration": "PT5S"},
    "hints": {"LockDuration": "PT5S"},
}
OPTIONS = {"maxConcurrentCalls": 2, "maxConcurrentSessions": 2, "sessionIdleTimeout": "00:00:01"}


def write(folder: Path, address: str) -> Path:
    host_json = {"version": "2.0", "extensions": {"serviceBus": OPTIONS}}
    settings = {"Bus": connection_string(address)}
    return write_app(folder / "app", APP, host_json=host_json, settings=settings)


def test_a_broker_that_comes_late_and_restarts_loses_nothing(tmp_path: Path) -> None:
    port = free_port()
    with RunningHost(write(tmp_path, f"127.0.0.1:{port}")) as host:
        host.ready().wait_for("queue changes of fulfill cannot be served")

        with RunningBroker(tmp_path, QUEUES, port) as broker:
            broker.ready().send("changes", *texts([str(n) for n in range(8)], session="g1"))
            host.wait_for("fulfilled g1 1")
            broker.kill()
            host.wait_for("queue changes of fulfill cannot be served", times=2)

        with RunningBroker(tmp_path, QUEUES, port) as broker:
            broker.ready()
            host.wait_for("fulfilled g1 7")
            broker.wait_until("changes", active=0, locked=0, dead=0)

        bodies = [int(line.split()[-1]) for line in host.found("fulfilled g1")]
        assert list(dict.fromkeys(bodies)) == list(range(8))
        assert len(bodies) <= 9  # What was in work when the broker died may have come again.
        assert len(host.found("queue changes of fulfill is served again")) == 2
        assert len(host.found("queue changes of fulfill cannot be served")) <= 4


def test_it_outlives_a_broker_that_went_away_while_it_worked(tmp_path: Path) -> None:
    port = free_port()
    app = write(tmp_path, f"127.0.0.1:{port}")
    with RunningHost(app) as host:
        with RunningBroker(tmp_path, QUEUES, port) as broker:
            broker.ready().send("hints", *texts(["slow"]))
            host.ready().wait_for("recompile begins")
            broker.kill()
            # The SDK has shut the receiver down by then, and will settle nothing with it.
            host.wait_for("A lock could not be renewed")
        (app / "go").touch()
        host.wait_for("message slow is not settled, so comes again")

        with RunningBroker(tmp_path, QUEUES, port) as broker:
            broker.ready()
            host.wait_for("recompile ends", times=2)
            broker.wait_until("hints", active=0, locked=0, dead=0)


def test_told_to_stop_it_settles_what_it_works_on(tmp_path: Path) -> None:
    with RunningBroker(tmp_path, QUEUES) as broker:
        broker.ready().send("hints", *texts(["a"]))
        with RunningHost(write(tmp_path, broker.address)) as host:
            host.ready().wait_for("recompile begins")
            host.terminate()

            assert host.exit_code() == 0
            assert host.found("recompile ends")
        broker.wait_until("hints", active=0, locked=0, dead=0)


def test_told_to_stop_it_gives_back_what_it_has_not_begun(tmp_path: Path) -> None:
    with RunningBroker(tmp_path, QUEUES) as broker:
        broker.ready().send("changes", *texts(["1", "2", "3"], session="g1"))
        with RunningHost(write(tmp_path, broker.address)) as host:
            host.ready().wait_for("fulfilled g1 1")
            host.terminate()

            assert host.exit_code() == 0
            done = len(host.found("fulfilled g1"))
        assert done < 3
        broker.wait_until("changes", active=3 - done, locked=0, dead=0)
