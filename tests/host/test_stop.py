"""Told to stop, the host takes no more work, lets what runs finish, and exits with 0."""

import threading
from pathlib import Path

from tests.host.processes import Reply, RunningHost, write_app

APP = """
@app.route(route="slow")
async def slow(req: func.HttpRequest) -> str:
    logging.info("slow begins")
    await asyncio.sleep(1)
    return "done"

@app.timer_trigger(arg_name="t", schedule="0 0 0 1 1 *")
def thread(t: func.TimerRequest) -> None:
    logging.info("thread begins")
    time.sleep(1)
    logging.info("thread ends")
"""


def test_a_running_request_is_answered_before_the_host_exits(tmp_path: Path) -> None:
    replies: list[Reply] = []
    with RunningHost(write_app(tmp_path / "app", APP)) as host:
        host.ready()
        asking = threading.Thread(target=lambda: replies.append(host.call("/api/slow")))
        asking.start()
        host.wait_for("slow begins")
        host.terminate()
        asking.join()

        assert [(reply.status, reply.body) for reply in replies] == [(200, b"done")]
        assert host.exit_code() == 0


def test_a_running_timer_ends_before_the_host_exits(tmp_path: Path) -> None:
    with RunningHost(write_app(tmp_path / "app", APP)) as host:
        host.ready().call("/admin/functions/thread", method="POST")
        host.wait_for("thread begins")
        host.terminate()

        assert host.exit_code() == 0
        assert host.found("thread ends")
        assert host.found("thread succeeded")
