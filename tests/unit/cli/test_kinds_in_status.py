"""status says how the further kinds of facts stand."""

from typing import Any

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.samples import bundle_status, status
from tests.unit.cli.stub import Stub

NOON = "2026-11-22T12:00:00+00:00"


def kind(name: str, **more: Any) -> dict[str, Any]:
    read = {"name": name, "on": True, "taken_at": NOON, "rows": 1_200, "due": False}
    return read | {"reading": None, "remarks": [], "failed_at": None, "failure": ""} | more


def test_a_row_per_kind_and_a_sentence_for_what_must_be_known(
    seatflow: Seatflow, stub: Stub
) -> None:
    denied = "Graph denied the request. Or set INVENTORY_SIGN_INS=off."
    never = {"taken_at": None, "rows": 0, "due": True}
    facts = [
        kind("assignments", reading=5_000, due=True),
        kind("catalog", due=True),
        kind("deleted", **never | {"on": False, "due": False}),
        kind("sign_ins", **never, reading=0, failed_at=NOON, failure=denied),
        kind("usage", remarks=["Microsoft conceals names."]),
        kind("owners", **never | {"on": False, "due": False}),
    ]
    stub.answer("GET", "/status", status(kinds=facts))

    lines = [line.rstrip() for line in seatflow("status").stdout.splitlines()]

    at = next(n for n, line in enumerate(lines) if line.startswith("facts"))
    assert [line.split() for line in lines[at + 2 : at + 6]] == [
        ["assignments", "1,200", "2026-11-22", "12:00", "UTC"],
        ["catalog", "1,200", "2026-11-22", "12:00", "UTC"],
        ["sign_ins", "0", "never"],
        ["usage", "1,200", "2026-11-22", "12:00", "UTC"],
    ]
    assert lines[at + 6 :] == [
        "assignments: a read goes on, with 5,000 rows so far.",
        "catalog: a new read is due.",
        f"sign_ins: the read of 2026-11-22 12:00 UTC failed. {denied}",
        "usage: Microsoft conceals names.",
        "Not read, because they are off: deleted, owners.",
    ]


def test_a_long_read_a_loss_and_humans_are_told(seatflow: Seatflow, stub: Stub) -> None:
    lost = {"source": "tenant", "before": 3_000, "now": 2_000}
    found = status(*(bundle_status(id=f"b{n}", doubted=[lost][n // 4 :]) for n in range(5)))
    found["snapshot"]["humans"] = 1_900
    stub.answer("GET", "/status", found | {"reading": {"began": NOON, "pages": 1_400}})

    shown = seatflow("status").stdout

    assert ": 1,900 humans with 2,000 accounts, 40 groups" in shown
    assert "An inventory begun 2026-11-22 12:00 UTC is being read: 1,400 pages so far." in shown
    assert shown.count("has lost") == 1
    assert "4 bundles: the tenant has lost 1,000 of 3,000 people, which is not believed" in shown


def test_an_inventory_that_failed_is_told_with_its_reason(seatflow: Seatflow, stub: Stub) -> None:
    failure = {"at": NOON, "reason": "Graph cannot answer now: 503."}
    stub.answer("GET", "/status", status() | {"failure": failure})

    shown = seatflow("status").stdout

    told = "The inventory of 2026-11-22 12:00 UTC failed. Graph cannot answer now: 503."
    assert told in shown.splitlines()
