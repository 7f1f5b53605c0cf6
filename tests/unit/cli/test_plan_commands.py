"""plans, plan show, release, refuse, run: what was decided, and a person's word on it."""

import json

import pytest

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.samples import ADA, PLAN, plan, plan_in_full
from tests.unit.cli.stub import Stub, errors

RUN = {"id": "run-9", "state": "done", "people": 2_000, "bundles": 3, "changes": 1, "reason": None}


def test_plans_are_listed_with_what_holds_them(seatflow: Seatflow, stub: Stub) -> None:
    sent = plan(id="m365-e3.1", bundle="m365-e3", state="sent", held=[], waits=0, leaves=0)
    stub.answer("GET", "/plans", [plan(releasable=False), sent])
    assert seatflow("plans").stdout.splitlines() == [
        f"HELD     {PLAN}",
        "  2026-11-22 05:10 UTC: 1 grant, 2 revokes, 1 waiting, 1 in grace",
        "  210 of 400 holders would lose it (52.5 %); at most 25 % may in 24 hours.",
        "  No approval can send it: the cause has to go first.",
        "sent     m365-e3.1",
        "  2026-11-22 05:10 UTC: 1 grant, 2 revokes",
    ]


def test_plans_are_asked_for_by_bundle_and_state(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/plans", [])
    assert seatflow("plans --bundle m365-e3 --state held").stdout == "There are no such plans.\n"
    assert stub.last.query == "bundle=m365-e3&state=held"
    seatflow("plans")
    assert stub.last.query == ""


def test_a_plan_is_shown_with_everyone_it_concerns(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", f"/plans/{PLAN}", plan_in_full(decided_by="Ada", decided_because="too many"))
    lines = seatflow(f"plan show {PLAN}").stdout.splitlines()
    assert lines[0] == f"{PLAN}: HELD teams-premium"
    assert "  Last decided by Ada: too many" in lines
    assert f"  {ADA}  no longer meets the rule" in lines
    assert f"  {ADA}  no revoke: protected: parental leave" in lines
    assert "1 waiting for a seat:" in lines
    assert "1 in grace, keeping it for a while:" in lines


def test_a_long_plan_is_cut_unless_all_is_asked_for(seatflow: Seatflow, stub: Stub) -> None:
    changes = [{"action": "grant", "person": ADA, "reason": "rule"}] * 25
    stub.answer("GET", f"/plans/{PLAN}", plan(changes=changes))
    some = seatflow(f"plan show {PLAN}").stdout
    assert some.count(ADA) == 20
    assert "  … and 5 more; --all shows everyone" in some.splitlines()
    assert seatflow(f"plan show {PLAN} --all").stdout.count(ADA) == 25


def test_no_id_is_cut_in_a_pipe(seatflow: Seatflow, stub: Stub) -> None:
    long = f"{'a' * 63}.0247012345678901-0123abcd"
    stub.answer("GET", "/plans", [plan(id=long)])
    assert f"HELD     {long}" in seatflow("plans", COLUMNS="40").stdout.splitlines()


def test_a_plan_that_is_not_there_is_refused(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/plans/x y/z", errors("There is no such plan.", status=404))
    result = seatflow("plan show", "x y/z")
    assert (result.exit_code, result.stderr) == (3, "seatflow: There is no such plan.\n")


@pytest.mark.parametrize("id", ["..", ".", ""])
def test_an_id_that_names_nothing_is_not_asked_for(seatflow: Seatflow, stub: Stub, id: str) -> None:
    assert seatflow("plan show", id).exit_code == 2
    assert stub.asked == []


def test_a_release_says_what_follows(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("POST", f"/plans/{PLAN}/release", plan(state="released", decided_by="Ada"))
    result = seatflow(f"release {PLAN} --by Ada")
    assert result.stdout == (
        f"{PLAN} (teams-premium): released by Ada."
        " The next compile sends it, if it still comes to the same changes.\n"
    )
    assert stub.last.headers["x-seatflow-by"] == "Ada"


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        ("sent", 0, "sent by Ada. 1 grant, 2 revokes on their way."),
        ("void", 1, "void by Ada. A newer compile came to something else"),
        ("held", 1, "held by Ada. The approval has expired."),
    ],
)
def test_a_release_waits_for_the_compile(
    seatflow: Seatflow, stub: Stub, state: str, code: int, said: str
) -> None:
    released = plan(state="released", decided_by="Ada")
    stub.answer("POST", f"/plans/{PLAN}/release", released)
    over = plan(state=state, decided_by="Ada", decided_because="The approval has expired.")
    stub.answer("GET", f"/plans/{PLAN}", released, over)
    result = seatflow(f"release {PLAN} --wait --by Ada")
    assert result.exit_code == code
    assert said in result.stdout
    assert len(stub.asked) == 3


def test_a_release_that_a_guard_forbids_is_refused(seatflow: Seatflow, stub: Stub) -> None:
    said = f"No approval can send plan {PLAN}: the group is gone."
    stub.answer("POST", f"/plans/{PLAN}/release", errors(said, status=409))
    result = seatflow(f"release {PLAN} --wait")
    assert (result.exit_code, result.stderr) == (3, f"seatflow: {said}\n")


def test_a_refusal_needs_its_reason(seatflow: Seatflow, stub: Stub) -> None:
    refused = plan(state="refused", decided_by="Ada", decided_because="too many")
    stub.answer("POST", f"/plans/{PLAN}/refuse", refused)
    assert seatflow(f"refuse {PLAN}").exit_code == 2
    result = seatflow(f"refuse {PLAN} --reason", "too many")
    assert stub.last.body == {"reason": "too many"}
    assert "refused by Ada" in result.stdout


def test_a_run_is_started_or_waited_for(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("POST", "/runs", {"run": "run-9"})
    stub.answer("GET", "/runs/run-9", RUN | {"state": "inventory"}, RUN)
    assert seatflow("run").stdout == "Run run-9 is queued.\n"
    result = seatflow("run --wait")
    assert result.exit_code == 0
    assert result.stdout == "Run run-9 done: 2,000 people, 3 bundles, 1 change sent.\n"


def test_a_run_that_failed_is_not_in_order(seatflow: Seatflow, stub: Stub) -> None:
    failed = RUN | {"state": "failed", "reason": "Graph is closed."}
    stub.answer("POST", "/runs", {"run": "run-9"})
    stub.answer("GET", "/runs/run-9", failed)
    result = seatflow("run --wait --json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == failed
    assert "Run run-9 failed: Graph is closed." in seatflow("run --wait").stdout
