"""undo, failures, replay, licenses, drift."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.samples import ADA, BEN, EVE
from tests.unit.cli.stub import Stub, errors

AT = "2026-11-20T08:00:00+00:00"
NAMES = {ADA: "ada@contoso.com"}
FINGERPRINT = "0123456789abcdef0123456789abcdef"


def undoing(run: str = "run-9") -> dict[str, Any]:
    turned = [{"person": ADA, "action": "revoke"}, {"person": BEN, "action": "grant"}]
    bundle = {"bundle": "m365-e5", "turned": turned, "decided_since": [EVE]}
    return {"undone": "run-7", "run": run, "bundles": [bundle], "names": NAMES}


PEOPLE = [
    "m365-e5: 1 given back, 1 taken back, 1 left alone",
    "",
    "Given back to:",
    f"  {ADA}  ada@contoso.com",
    "",
    "Taken back from:",
    f"  {BEN}",
    "",
    "Left alone, since something newer was decided about them:",
    f"  {EVE}",
]


def test_undoing_a_run_says_whose_changes_are_turned_round_and_how_to_follow_it(
    seatflow: Seatflow, stub: Stub
) -> None:
    stub.answer("POST", "/runs/run-7/undo", undoing())
    result = seatflow("undo run-7 --reason", "wrong department")
    assert stub.last.body == {"reason": "wrong department"}
    assert result.stdout.splitlines() == [
        "Run run-7 is undone: 2 changes turned round.",
        "",
        *PEOPLE,
        "",
        "Run run-9 compiles it, through every guard: `seatflow plans` shows what comes of it, and"
        " `seatflow release ID` sends what is held.",
        "It stays so until policy comes to the same by itself, or until `seatflow undo run-7"
        " --end`.",
    ]


def test_a_preview_stores_nothing_and_needs_no_reason(seatflow: Seatflow, stub: Stub) -> None:
    nothing = {"bundle": "m365-e5", "turned": [], "decided_since": [EVE]}
    stub.answer("GET", "/runs/run-7/undo", undoing(""), undoing("") | {"bundles": [nothing]})
    lines = seatflow("undo run-7 --preview").stdout.splitlines()
    assert lines[:-2] == ["Run run-7 would be undone: 2 changes turned round.", "", *PEOPLE]
    assert lines[-1] == "Nothing is done yet: `seatflow undo run-7 --reason TEXT` does it."
    lines = seatflow("undo run-7 --preview").stdout.splitlines()
    assert lines[-1] == "Something newer was decided about everyone: nothing is left to undo."


def test_an_undoing_is_ended_with_or_without_a_reason(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("DELETE", "/runs/run-7/undo", {"undone": "run-7", "run": "run-9", "changes": 2})
    result = seatflow("undo run-7 --end")
    assert stub.last.body == {"reason": ""}
    assert result.stdout.splitlines() == [
        "Run run-7 is undone no more: 2 changes left to policy again.",
        "Run run-9 compiles it: `seatflow plans` shows what comes of it.",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("undo run-7", "Say why: --reason TEXT."),
        ("undo run-7 --preview --end", "Give one of them."),
        ("replay --reason r", "Say what: --bundle or --person (or both), or --message, or --all."),
        ("replay --reason r --all --bundle m365-e5", "Say what: "),
        ("replay --reason r --message m --person ada@contoso.com", "Say what: "),
        ("replay --all", "--reason"),
        ("licenses set m365-e5", "give --fingerprint F as `seatflow licenses` shows it, or --yes."),
        ("licenses set", "BUNDLE"),
        ("licenses m365-e5 visio", "unexpected extra argument"),
    ],
)
def test_what_is_not_said_completely_is_asked_for_and_nothing_is_done(
    seatflow: Seatflow, stub: Stub, line: str, said: str
) -> None:
    result = seatflow(line)
    assert (result.exit_code, stub.asked) == (2, [])
    assert said in " ".join(result.stderr.replace("│", " ").split())


def failure(again_at: str | None = AT, **more: Any) -> dict[str, Any]:
    row = {
        "bundle": "m365-e5",
        "person": ADA,
        "action": "grant",
        "state": "failed",
        "reason": "Listed.",
        "detail": "CountViolation: No seat is left in the product. Buy seats or free some.",
        "tries": 3,
        "error": "CountViolation",
        "updated_at": AT,
    }
    return {"row": row | more, "again_at": again_at, "name": "ada@contoso.com"}


def test_what_came_to_nothing_is_listed_with_the_fix_and_what_comes_next(
    seatflow: Seatflow, stub: Stub
) -> None:
    plain: dict[str, Any] = {
        "state": "refused",
        "error": None,
        "detail": "Full. Raise the quota.",
        "tries": 1,
    }
    messages = [{"message": "m1", "reason": "Not JSON.", "body": "{\x1b"}]
    changes = [failure(), failure(None), failure(state="replayed", tries=0), failure(**plain)]
    stub.answer("GET", "/failures", {"changes": changes, "messages": messages})
    lines = seatflow("failures --bundle m365-e5").stdout.splitlines()
    assert stub.last.query == "bundle=m365-e5"
    assert lines[:5] == [
        "m365-e5: 4 changes came to nothing",
        f"  {ADA}  ada@contoso.com  grant failed 2026-11-20 08:00 UTC, tried 3 times",
        "    CountViolation: No seat is left in the product. Buy seats or free some.",
        "    Why it was decided: Listed.",
        "    It is tried again by itself from 2026-11-20 08:00 UTC on.",
    ]
    assert lines[8].endswith("`seatflow replay --person ada@contoso.com --reason TEXT`.")
    assert lines[12] == "    It was put back: the next compile of everything tries it again."
    assert lines[13].endswith("grant refused 2026-11-20 08:00 UTC, tried 1 time")
    assert lines[17:20] == ["1 message that nobody could read", "  m1  Not JSON.", "    {\ufffd"]


def test_where_nothing_failed_that_is_said(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/failures", {"changes": [], "messages": []})
    assert seatflow("failures").stdout == "Nothing came to nothing.\n"
    assert stub.last.query == ""


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("--all", {"all": True}),
        ("--bundle m365-e5", {"bundle": "m365-e5"}),
        (
            "--person ada@contoso.com --person ben@contoso.com",
            {"people": ["ada@contoso.com", "ben@contoso.com"]},
        ),
    ],
)
def test_exactly_what_is_named_is_tried_again(
    seatflow: Seatflow, stub: Stub, line: str, body: dict[str, Any]
) -> None:
    stub.answer("POST", "/replay", {"run": "run-9", "changes": 2})
    result = seatflow(f"replay --reason mended {line}")
    usual: dict[str, Any] = {"bundle": None, "people": [], "all": False, "reason": "mended"}
    assert stub.last.body == usual | body
    assert result.stdout == (
        "2 changes put back. Run run-9 decides anew: `seatflow plans` shows what comes of it.\n"
    )


def test_a_message_is_put_back_by_its_id(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("POST", "/messages/a/b#1/replay", {"message": "a/b#1", "reason": "", "body": ""})
    result = seatflow("replay --reason mended --message a/b#1")
    assert stub.last.body == {"reason": "mended"}
    assert result.stdout.startswith("Message a/b#1 is put back.")
    gone = seatflow("replay --reason mended --message m2")
    assert (gone.exit_code, gone.stderr) == (3, "seatflow: There is nothing here.\n")


def target(held: str = "The target was not set up by Seatflow, and has 40 members.") -> Any:
    return {
        "bundle": "m365-e5",
        "target": EVE,
        "holders": 40,
        "sentences": ["SPE_E5: turns off YAMMER"],
        "held": held,
        "fingerprint": FINGERPRINT,
    }


SHOWN = [
    "m365-e5: HELD. The target was not set up by Seatflow, and has 40 members.",
    "  SPE_E5: turns off YAMMER",
    f"  For 40 members. Fingerprint {FINGERPRINT}.",
    "  `seatflow licenses set m365-e5` sets exactly this.",
]
SET = [
    "m365-e5: set, for 40 members.",
    "  SPE_E5: turns off YAMMER",
    "Entra gives and takes it in the background, person by person.",
]


def test_what_is_to_be_set_is_shown_with_why_it_waits(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/licenses", [target(), target("")])
    for line in ("licenses", "licenses show"):
        lines = seatflow(line).stdout.splitlines()
        assert stub.last.query == ""
        assert lines[:4] == SHOWN
        assert lines[4] == "m365-e5: set by itself at the next compile of everything."
        assert len(lines) == 7
    stub.answer("GET", "/licenses", [])
    one = seatflow("licenses m365-e5")
    assert stub.last.query == "bundle=m365-e5"
    assert one.stdout == (
        "The target of m365-e5 hands out what the bundle says: nothing is to be set.\n"
    )
    assert seatflow("licenses").stdout.startswith("All targets hand out what their bundles say")


def test_what_is_shown_is_set_by_its_fingerprint(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/licenses", [target()], [])
    stub.answer("POST", "/bundles/m365-e5/licenses", target(""))
    given = seatflow(f"licenses set m365-e5 --fingerprint {FINGERPRINT}")
    assert [asked.method for asked in stub.asked] == ["POST"]
    assert (stub.last.body, given.stdout.splitlines()) == ({"fingerprint": FINGERPRINT}, SET)
    assert seatflow("licenses set m365-e5 --yes").stdout.splitlines() == [*SHOWN, *SET]
    assert stub.last.body == {"fingerprint": FINGERPRINT}
    assert "nothing is to be set" in seatflow("licenses set m365-e5 --yes").stdout
    assert stub.last.method == "GET"


def test_a_stale_fingerprint_is_refused_in_the_words_of_the_service(
    seatflow: Seatflow, stub: Stub
) -> None:
    said = "What is to be set for m365-e5 is not what was shown. Look at it again."
    stub.answer("POST", "/bundles/m365-e5/licenses", errors(said, status=409))
    result = seatflow(f"licenses set m365-e5 --fingerprint {FINGERPRINT}")
    assert (result.exit_code, result.stderr) == (3, f"seatflow: {said}\n")


@pytest.mark.parametrize(("typed", "code", "last"), [("y", 0, "POST"), ("n", 1, "GET")])
def test_on_a_terminal_a_person_is_asked(stub: Stub, typed: str, code: int, last: str) -> None:
    stub.answer("GET", "/licenses", [target()])
    stub.answer("POST", "/bundles/m365-e5/licenses", target(""))
    person, terminal = pty.openpty()
    os.write(person, f"{typed}\n".encode())
    done = subprocess.run(
        [Path(sys.executable).with_name("seatflow"), "licenses", "set", "m365-e5"],
        env={**os.environ, "SEATFLOW_URL": stub.url},
        stdin=terminal,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(person)
    os.close(terminal)
    assert (done.returncode, stub.last.method) == (code, last), done.stderr
    assert done.stdout.splitlines()[:4] == SHOWN
    assert "Set exactly this?" in done.stderr


def line(state: str, person: str, detail: str = "") -> dict[str, Any]:
    return {
        "bundle": "m365-e5",
        "number": 7,
        "at": AT,
        "person": person,
        "state": state,
        "detail": detail,
    }


def test_who_came_and_went_by_hand_is_told_with_by_whose(seatflow: Seatflow, stub: Stub) -> None:
    by = f"put into the group by hand, by {ADA}"
    unknown = "taken out of the group by hand; nobody can tell who did it"
    lines = [line("joined", BEN, by), line("left", ADA, unknown), line("found", EVE)]
    stub.answer("GET", "/drift", {"lines": lines, "left_out": 2, "names": NAMES})
    result = seatflow("drift m365-e5 --since 2026-11-01 --found")
    assert stub.last.query == "bundle=m365-e5&since=2026-11-01&found=true"
    assert result.stdout.splitlines() == [
        "2 older lines not shown: narrow it with --since.",
        "m365-e5",
        f"  seen 2026-11-20 08:00 UTC  {BEN}  came in: put into the group by hand,"
        f" by ada@contoso.com ({ADA})",
        f"  seen 2026-11-20 08:00 UTC  {ADA}  ada@contoso.com  left: {unknown}",
        f"  seen 2026-11-20 08:00 UTC  {EVE}  was inside when Seatflow first looked",
    ]


def test_no_drift_is_said_so(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/drift", {"lines": [], "left_out": 0, "names": {}})
    assert seatflow("drift").stdout == (
        "As far as is known, nobody came into a target or left it by hand.\n"
    )
    assert stub.last.query == ""
