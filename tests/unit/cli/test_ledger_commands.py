"""ledger verify, show, held."""

import json
from typing import Any

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.samples import ADA, BEN
from tests.unit.cli.stub import Stub

HASH = "ab" * 32
AT = "2026-11-20T08:00:00+00:00"
NAMES = {ADA: "ada@contoso.com"}


def verified(bundle: str = "m365-e5", *breaks: str, entries: int = 1_234) -> dict[str, Any]:
    return {"bundle": bundle, "entries": entries, "hash": HASH, "breaks": list(breaks)}


def line(state: str, person: str = ADA, number: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "bundle": "m365-e5",
        "number": number,
        "at": AT,
        "person": person,
        "state": state,
        "action": "grant",
        "reason": "Listed.",
        "detail": "",
        "error": "",
        "run": "run-7",
        "by": "",
    } | more


def holding(person: str = ADA, **more: Any) -> dict[str, Any]:
    return {
        "bundle": "m365-e5",
        "person": person,
        "since": AT,
        "number": 7,
        "reason": "Listed.",
        "state": "confirmed",
        "detail": "license Active",
        "by": "",
    } | more


def test_a_whole_history_is_said_to_be_whole_with_what_to_note(
    seatflow: Seatflow, stub: Stub
) -> None:
    stub.answer(
        "GET", "/ledger/verification", [verified(), verified("visio", entries=0) | {"hash": ""}]
    )
    result = seatflow("ledger verify")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "m365-e5: whole, 1,234 entries.",
        f"  Note: 1234:{HASH}",
        "visio: nothing was decided yet.",
    ]


def test_a_broken_history_is_exit_code_1_and_says_which_entry(
    seatflow: Seatflow, stub: Stub
) -> None:
    stub.answer("GET", "/ledger/verification", [verified("m365-e5", "Entry 2 was changed.")])
    result = seatflow("ledger verify m365-e5", "--expect", f"12:{HASH}")
    assert stub.last.query == f"bundle=m365-e5&expect=12:{HASH}"
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "m365-e5: BROKEN, 1,234 entries.",
        "  Entry 2 was changed.",
    ]
    as_json = seatflow("ledger verify --json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)[0]["breaks"] == ["Entry 2 was changed."]


def test_the_history_is_shown_entry_by_entry(seatflow: Seatflow, stub: Stub) -> None:
    lines = [
        line("decided", by="Zoë"),
        line("decided", BEN),
        line("failed", number=8, reason="", error="CountViolation", detail="No seat is left."),
    ]
    answer = {"lines": lines, "left_out": 3, "names": NAMES}
    stub.answer("GET", "/ledger/history", answer)
    result = seatflow("ledger show --bundle m365-e5 --person ada@contoso.com --since 2026-11-01")
    assert stub.last.query == "bundle=m365-e5&person=ada@contoso.com&since=2026-11-01"
    assert result.stdout.splitlines() == [
        "3 older lines not shown: narrow it with --since.",
        "m365-e5 7, 2026-11-20 08:00 UTC, run run-7, by Zoë",
        f"  {ADA}  ada@contoso.com  grant decided",
        "    Why: Listed.",
        f"  {BEN}  grant decided",
        "    Why: Listed.",
        "m365-e5 8, 2026-11-20 08:00 UTC, run run-7",
        f"  {ADA}  ada@contoso.com  grant failed",
        "    CountViolation No seat is left.",
    ]


def test_a_history_that_tells_nothing_says_so(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/ledger/history", {"lines": [], "left_out": 0, "names": {}})
    assert seatflow("ledger show --run run-8").stdout == "The history tells nothing of this.\n"
    assert stub.last.query == "run=run-8"


def test_who_held_it_then_is_listed_with_since_when_and_why(seatflow: Seatflow, stub: Stub) -> None:
    found = holding(BEN, state="joined", detail="", reason="", by="Zoë")
    answer = {"on": AT, "holdings": [holding(), found], "breaks": [], "names": NAMES}
    stub.answer("GET", "/ledger/holders", answer)
    result = seatflow("ledger held --on 2026-11-20 --bundle m365-e5")
    assert stub.last.query == "on=2026-11-20&bundle=m365-e5"
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "m365-e5: 2 people on 2026-11-20 08:00 UTC",
        f"  {ADA}  ada@contoso.com  since 2026-11-20 08:00 UTC, entry 7, confirmed"
        " (license Active): Listed.",
        f"  {BEN}  since 2026-11-20 08:00 UTC, entry 7, by Zoë, joined.",
    ]


def test_what_comes_from_a_broken_history_says_so_first(seatflow: Seatflow, stub: Stub) -> None:
    answer = {"on": AT, "holdings": [], "breaks": ["m365-e5: Entry 2 was changed."], "names": {}}
    stub.answer("GET", "/ledger/holders", answer)
    result = seatflow("ledger held --on 2026-11-20 --person ada@contoso.com")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "BROKEN m365-e5: Entry 2 was changed.",
        "As far as the history tells, nobody held this on 2026-11-20 08:00 UTC.",
    ]
