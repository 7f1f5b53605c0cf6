"""Timers run when due, late ones at once, failed ones by their retry policy, one at a time."""

import json
from pathlib import Path

from tests.host.processes import RunningHost, write_app

EVERY_SECOND = """
runs = 0

@app.timer_trigger(arg_name="t", schedule="%TICK%")
async def tick(t: func.TimerRequest) -> None:
    global runs
    runs += 1
    logging.info("run %s begins %s", runs, t.past_due)
    if runs == 1:
        await asyncio.sleep(1.5)
    logging.info("run %s ends", runs)
"""
RETRIED = """
@app.timer_trigger(arg_name="t", schedule="0 0 0 1 1 *", run_on_startup=True)
@app.retry(strategy="fixed_delay", max_retry_count="2", delay_interval="00:00:00")
async def flaky(t: func.TimerRequest, context: func.Context) -> None:
    retry = context.retry_context
    logging.info("attempt %s of %s", retry.retry_count, retry.max_retry_count)
    raise RuntimeError("again")
"""
MONITORED = """
@app.timer_trigger(arg_name="t", schedule="0 0 0 1 1 *")
async def yearly(t: func.TimerRequest) -> None:
    logging.info("late: %s, last: %s", t.past_due, t.schedule_status["Last"][:10])
"""


def test_a_timer_runs_on_schedule_and_never_beside_itself(tmp_path: Path) -> None:
    app = write_app(tmp_path / "app", EVERY_SECOND, settings={"TICK": "* * * * * *"})

    with RunningHost(app) as host:
        host.ready().wait_for("run 3 ends")

        runs = [line.split("root: ")[1] for line in host.found("run [123] ")]
        assert runs == [
            *("run 1 begins False", "run 1 ends"),
            *("run 2 begins False", "run 2 ends"),
            *("run 3 begins False", "run 3 ends"),
        ]


def test_a_failed_run_is_tried_again_as_often_as_its_policy_allows(tmp_path: Path) -> None:
    with RunningHost(write_app(tmp_path / "app", RETRIED)) as host:
        host.ready().wait_for("flaky failed", times=3)

        attempts = [line.split("root: ")[1] for line in host.found("attempt")]
        assert attempts == ["attempt 0 of 2", "attempt 1 of 2", "attempt 2 of 2"]


def test_a_run_asked_for_by_hand_waits_for_the_one_in_progress(tmp_path: Path) -> None:
    app = write_app(tmp_path / "app", EVERY_SECOND, settings={"TICK": "0 0 0 1 1 *"})

    with RunningHost(app) as host:
        for _ in range(2):
            host.ready().call("/admin/functions/tick", method="POST")
        host.wait_for("run 2 ends")

        order = [line.split("root: ")[1][:10].strip() for line in host.found("run [12] ")]
        assert order == ["run 1 begi", "run 1 ends", "run 2 begi", "run 2 ends"]


def test_a_run_missed_while_the_host_was_away_is_made_up_for_at_start(tmp_path: Path) -> None:
    app = write_app(tmp_path / "app", MONITORED)
    status = tmp_path / "timers.json"
    status.write_text(json.dumps({"yearly": "2020-01-01T00:00:00+00:00"}))

    with RunningHost(app, "--timer-status", str(status)) as host:
        host.ready().wait_for("yearly succeeded")

        assert host.found("late: True, last: 2020-01-01")
        host.terminate()
        assert host.exit_code() == 0
    assert json.loads(status.read_text())["yearly"] > "2026"


def test_a_timer_that_never_ran_is_not_late(tmp_path: Path) -> None:
    app = write_app(tmp_path / "app", MONITORED)

    with RunningHost(app, "--timer-status", str(tmp_path / "timers.json")) as host:
        host.ready().call("/admin/functions/yearly", method="POST")

        host.wait_for("late: False, last: 0001-01-01")
