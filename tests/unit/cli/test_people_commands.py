"""explain, status, pause, resume, protect, unprotect."""

import json
from typing import Any

import pytest

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.samples import (
    ADA,
    PLAN,
    bundle_status,
    by_ada,
    controls,
    explanation,
    standing,
    status,
)
from tests.unit.cli.stub import Stub, errors

DECISION = {
    "action": "grant",
    "state": "confirmed",
    "reason": 'meets the rule: user.department -eq "Legal"',
    "detail": "the license is Active",
    "plan": PLAN,
    "run": "run-7",
    "updated_at": "2026-11-20T08:00:00+00:00",
}


def clause(text: str, met: bool, found: str = "", *parts: Any) -> dict[str, Any]:
    return {"text": text, "met": met, "found": found, "parts": list(parts)}


def test_products_have_their_names_where_the_catalog_has_them(
    seatflow: Seatflow, stub: Stub
) -> None:
    told = explanation(standing()) | {"product_names": {"SPE_E5": "Microsoft 365 E5"}}
    stub.answer("GET", "/people/ada@contoso.com", told)
    said = seatflow("explain ada@contoso.com").stdout.splitlines()
    assert "Licenses by any route: Microsoft 365 E5 (SPE_E5)." in said


def test_why_does_she_have_it_is_answered_in_the_first_line(seatflow: Seatflow, stub: Stub) -> None:
    legal = clause('user.department -eq "Legal"', True, 'department is "Legal"')
    german = clause('user.country -eq "DE"', False, "no country")
    rule = clause('user.department -eq "Legal" -or user.country -eq "DE"', True, "", legal, german)
    why = 'meets the rule: user.department -eq "Legal"'
    e5 = standing(why=why, clauses=[rule], last_decision=DECISION)
    stub.answer(
        "GET", "/people/ada@contoso.com", explanation(e5, standing(bundle="visio", name="Visio"))
    )
    result = seatflow("explain ada@contoso.com E5")
    assert stub.last.query == ""
    assert result.stdout.splitlines() == [
        '✓ ada@contoso.com has m365-e5 and is entitled to it (meets the rule: user.department -eq "Legal").',  # noqa: E501
        "",
        f"Object id {ADA}. Read afresh at 2026-11-22 05:12 UTC.",
        "Licenses by any route: SPE_E5.",
        "",
        "m365-e5 (Microsoft 365 E5)",
        f"  Last decision: grant, confirmed 2026-11-20 08:00 UTC, plan {PLAN}.",
        '    Why: meets the rule: user.department -eq "Legal"',
        "    Since then: the license is Active",
        '✓ user.department -eq "Legal" -or user.country -eq "DE"',
        '├── ✓ user.department -eq "Legal"  (department is "Legal")',
        '└── ✗ user.country -eq "DE"  (no country)',
    ]


SINCE = "2026-11-20T08:00:00+00:00"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "has m365-e5 and is entitled to it (listed by name)."),
        ({"entitled": False}, "has m365-e5 and is not entitled to it (listed by name)."),
        (
            {"entitled": False, "leaving_since": SINCE, "leaves_at": "2026-12-04T08:00:00+00:00"},
            "has m365-e5, is no longer entitled to it, and keeps it until 2026-12-04 08:00 UTC",
        ),
        (
            {"holds": False, "waiting_since": SINCE, "waiting_for": "no seat is free"},
            "does not have m365-e5, is entitled to it, and waits since 2026-11-20 08:00 UTC",
        ),
        ({"holds": False}, "does not have m365-e5 yet and is entitled to it (listed by name)."),
        (
            {"holds": False, "entitled": False, "why": "not entitled by the policy"},
            "does not have m365-e5 and is not entitled to it.",
        ),
    ],
)
def test_how_a_person_stands_is_one_sentence(
    seatflow: Seatflow, stub: Stub, facts: dict[str, Any], said: str
) -> None:
    stub.answer("GET", f"/people/{ADA}", explanation(standing(why="listed by name") | facts))
    assert said in seatflow(f"explain {ADA} m365-e5").stdout.splitlines()[0]


def test_bundles_that_do_not_concern_her_are_only_named(seatflow: Seatflow, stub: Stub) -> None:
    other = standing(bundle="visio", name="Visio", holds=False, entitled=False)
    stub.answer("GET", f"/people/{ADA}", explanation(standing(), other), explanation(other))
    assert seatflow(f"explain {ADA}").stdout.endswith("Neither held nor entitled: visio.\n")
    assert seatflow(f"explain {ADA}").stdout.startswith(
        f"{ADA} has no bundle, and is entitled to none.\n"
    )


def test_what_stands_in_the_way_is_said(seatflow: Seatflow, stub: Stub) -> None:
    protected = by_ada(person=ADA)
    waiting = standing(holds=False, waiting_since=SINCE, waiting_for="no seat of SPE_E5 is free")
    answer = explanation(
        waiting | {"held": "Too many revokes.", "mode": "dry-run"}, protected=protected, products=[]
    )
    stub.answer("GET", f"/people/{ADA}", answer)
    lines = seatflow(f"explain {ADA}").stdout.splitlines()
    assert "  Waits for: no seat of SPE_E5 is free" in lines
    assert "  The bundle is held: Too many revokes." in lines
    assert "  The bundle is in a dry run: nothing of it is sent." in lines
    assert "No license by any route." in lines
    assert lines[3].startswith("Protected by Ada (unverified) since 2026-11-22 05:00 UTC")


COMPILE = "The next compile decides, within minutes; `seatflow run` starts one now."
STAYS = "Seatflow did not add her; the bundle's `unmanaged` choice decides whether she stays."
AGAIN = "The grant came to nothing. It is tried again by itself from 2026-11-20 08:00 UTC on."
LACKS, KEEPS = {"holds": False}, {"entitled": False, "last_decision": DECISION}
WAITS = {"waiting_since": SINCE, "waiting_for": "no seat is free"}
LEAVES = {"leaving_since": SINCE, "leaves_at": SINCE}
REVOKED = DECISION | {"action": "revoke", "reason": "no longer meets the rule"}


@pytest.mark.parametrize(
    ("facts", "more", "said"),
    [
        (LACKS, {}, COMPILE),
        (KEEPS, {}, COMPILE),
        (LACKS | {"last_decision": REVOKED}, {}, COMPILE),
        (LACKS | {"last_decision": DECISION | {"state": "decided"}}, {}, "The grant is decided"),
        (LACKS | {"last_decision": DECISION | {"state": "applied"}}, {}, "The grant is carried"),
        (KEEPS | {"last_decision": REVOKED | {"state": "decided"}}, {}, "The revoke is decided"),
        (LACKS | {"last_decision": DECISION | {"state": "failed"}, "again_at": SINCE}, {}, AGAIN),
        (LACKS | {"last_decision": DECISION | {"state": "failed"}}, {}, "not tried again by its"),
        (LACKS | {"last_decision": DECISION | {"state": "replayed"}}, {}, "It was put back"),
        (LACKS | {"held": "Too many grants."}, {}, "The bundle is held: Too many grants."),
        (LACKS | {"mode": "dry-run"}, {}, "The bundle is in a dry run"),
        (LACKS, {"paused": by_ada()}, "Everything is paused by Ada (unverified) since 2026-11-22"),
        (LACKS | WAITS, {}, "Waits for: no seat is free"),
        (KEEPS | LEAVES, {}, "keeps it until"),
        (KEEPS, {"protected": by_ada(person=ADA)}, "so nothing is revoked"),
        ({"entitled": False}, {}, STAYS),
    ],
)
def test_it_is_always_said_why_nothing_has_happened_yet(
    seatflow: Seatflow, stub: Stub, facts: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    stub.answer("GET", f"/people/{ADA}", explanation(standing(**facts), **more))
    out = seatflow(f"explain {ADA}").stdout
    assert said in out
    assert (COMPILE in out) is (said == COMPILE)
    assert (STAYS in out) is (said == STAYS)


def test_where_policy_and_person_agree_nothing_is_awaited(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", f"/people/{ADA}", explanation(standing(), paused=by_ada()))
    out = seatflow(f"explain {ADA}").stdout
    assert "compile" not in out
    assert "paused" not in out


DEPENDENCY = (
    "DependencyViolation: out of the group, but Entra keeps the license. Take that away first."
)


def test_a_license_that_entra_did_not_give_is_named_with_its_fix_and_what_comes_next(
    seatflow: Seatflow, stub: Stub
) -> None:
    detail = "CountViolation: No seat is left in the product. Buy seats or free some."
    failed = DECISION | {"state": "failed", "error": "CountViolation", "detail": detail, "tries": 3}
    answers = (
        explanation(standing(last_decision=failed, again_at=SINCE)),
        explanation(standing(last_decision=failed)),
    )
    stub.answer("GET", f"/people/{ADA}", *answers)
    lines = seatflow(f"explain {ADA}").stdout.splitlines()
    assert lines[0].startswith(f"✗ {ADA} is in the group of m365-e5 without its license and is en")
    assert (
        "  The grant came to nothing (CountViolation), tried 3 times. It is tried again by itself"
        " from 2026-11-20 08:00 UTC on." in lines
    )
    assert f"    Since then: {detail}" in lines
    given_up = seatflow(f"explain {ADA}").stdout
    assert f"`seatflow replay --person {ADA} --reason TEXT`" in given_up


def test_a_revoke_that_entra_blocks_is_shown_with_what_keeps_the_license(
    seatflow: Seatflow, stub: Stub
) -> None:
    blocked = REVOKED | {"state": "applied", "error": "DependencyViolation", "detail": DEPENDENCY}
    gone = standing(holds=False, entitled=False, why="", last_decision=blocked)
    stub.answer("GET", f"/people/{ADA}", explanation(gone))
    lines = seatflow(f"explain {ADA}").stdout.splitlines()
    assert lines[0] == f"✗ {ADA} does not have m365-e5 and is not entitled to it."
    assert (
        "  The revoke is carried out; asked again 2026-11-20 08:00 UTC, Entra still shows the"
        " license (DependencyViolation)." in lines
    )
    assert f"    Since then: {DEPENDENCY}" in lines


@pytest.mark.parametrize(
    ("holds", "decision", "said"),
    [
        (True, DECISION, "The grant is carried out since 2026-11-20 08:00 UTC; the license is not"),
        (False, REVOKED, "The revoke is carried out since 2026-11-20 08:00 UTC; Entra still shows"),
    ],
)
def test_what_is_carried_out_and_not_seen_yet_is_said_with_since_when(
    seatflow: Seatflow, stub: Stub, holds: bool, decision: dict[str, Any], said: str
) -> None:
    last = decision | {"state": "applied"}
    answer = explanation(standing(holds=holds, entitled=holds, last_decision=last))
    stub.answer("GET", f"/people/{ADA}", answer)
    assert said in seatflow(f"explain {ADA}").stdout


def test_what_she_lost_does_not_hide_among_what_she_never_had(
    seatflow: Seatflow, stub: Stub
) -> None:
    never = standing(bundle="visio", name="Visio", holds=False, entitled=False)
    gone = standing(holds=False, entitled=False, last_decision=REVOKED)
    stub.answer("GET", f"/people/{ADA}", explanation(gone, never))
    assert seatflow(f"explain {ADA}").stdout.splitlines()[-2:] == [
        "Lost: m365-e5, 2026-11-20 08:00 UTC (confirmed): no longer meets the rule",
        "Neither held nor entitled: visio.",
    ]


def test_a_bundle_is_named_by_what_no_other_has(seatflow: Seatflow, stub: Stub) -> None:
    several = explanation(standing(), standing(bundle="m365-e5-trial", name="Trial"))
    stub.answer("GET", f"/people/{ADA}", several)
    assert json.loads(seatflow(f"explain {ADA} trial --json").stdout)["bundles"] == [
        standing(bundle="m365-e5-trial", name="Trial")
    ]
    assert "m365-e5-trial" not in seatflow(f"explain {ADA} m365-e5").stdout
    both = seatflow(f"explain {ADA} m365")
    assert (both.exit_code, "several bundles" in both.stderr) == (2, True)
    none = seatflow(f"explain {ADA} power-bi")
    assert (none.exit_code, "Stored are: m365-e5, m365-e5-trial." in none.stderr) == (2, True)


def test_a_guest_can_be_asked_about(seatflow: Seatflow, stub: Stub) -> None:
    guest = "eve_fabrikam.com#EXT#@contoso.com"
    stub.answer("GET", f"/people/{guest}", errors("There is no such person.", status=404))
    assert seatflow("explain", guest).exit_code == 3
    assert stub.last.path == f"/people/{guest}"


def test_no_name_steers_the_terminal(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", f"/people/{ADA}", explanation(standing(why="\x1b[2J[red]x[/red]")))
    out = seatflow(f"explain {ADA}").stdout
    assert "\x1b" not in out
    assert "[2J[red]x[/red]" in out


def test_status_says_first_what_people_must_know(seatflow: Seatflow, stub: Stub) -> None:
    held = bundle_status(held=1, reason="Too many revokes.", plan=PLAN)
    dry = bundle_status(id="m365-e3", mode="dry-run", failed=0, waiting=0, leaving=0)
    stub.answer(
        "GET",
        "/status",
        status(held, dry, paused=by_ada(), protected=1, unreadable=2, mode="live"),
    )
    lines = seatflow("status").stdout.splitlines()
    assert lines[:5] == [
        "PAUSED by Ada (unverified) since 2026-11-22 05:00 UTC: audit week",
        "Nothing is sent or carried out until someone resumes.",
        "Inventory of 2026-11-22 05:00 UTC: 2,000 people, 40 groups, 5,000 memberships, 12 products.",  # noqa: E501
        "Nothing is revoked from 1 protected person.",
        "2 messages could not be read by anyone. See `seatflow failures`.",
    ]
    row = next(line.split() for line in lines if line.startswith("teams-premium "))
    assert row == ["teams-premium", "1,234", "1,200", "1,250", "50", "4", "7", "2", "33"]
    assert lines[-2:] == [
        f"teams-premium: HELD. Too many revokes. See `seatflow plan show {PLAN}`.",
        "m365-e3: dry run; nothing of it is sent.",
    ]


def test_status_says_what_is_not_seen_yet_what_is_undone_and_what_waits_for_a_word(
    seatflow: Seatflow, stub: Stub
) -> None:
    waits = "The target was not set up by Seatflow, and has 40 members."
    bundle = bundle_status(unseen_since=SINCE, undone={"run-7": 2, "run-9": 1}, licenses=waits)
    other = bundle_status(id="visio", undone={"run-7": 3})
    stub.answer("GET", "/status", status(bundle, other))
    assert seatflow("status").stdout.splitlines()[-4:] == [
        "teams-premium: 3 changes carried out and not seen in Entra yet, the oldest since"
        " 2026-11-20 08:00 UTC.",
        f"teams-premium: the target's licenses wait for a person's word. {waits}"
        " See `seatflow licenses teams-premium`.",
        "Run run-7 is undone: 5 changes of 2 bundles turned round. `seatflow undo run-7 --end`"
        " ends that.",
        "Run run-9 is undone: 1 change of 1 bundle turned round. `seatflow undo run-9 --end`"
        " ends that.",
    ]


def test_the_status_of_a_new_service_says_what_to_do(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/status", status(snapshot=None, mode="dry-run"))
    assert seatflow("status").stdout.splitlines() == [
        "DRY RUN: all is computed and shown, and nothing is sent.",
        "There is no inventory yet: `seatflow run` takes one.",
        "No bundles are stored: `seatflow push DIR` stores them.",
    ]


def test_a_table_fits_a_narrow_terminal(seatflow: Seatflow, stub: Stub) -> None:
    long = "entra-p2-administrators-of-everything"
    stub.answer("GET", "/status", status(bundle_status(id=long)))
    out = seatflow("status", COLUMNS="80", FORCE_COLOR="1", TERM="xterm").stdout
    plain = out.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert all(len(line) <= 80 for line in plain.splitlines())
    assert "…" not in plain


def test_a_narrower_terminal_gets_lines_and_no_id_in_pieces(seatflow: Seatflow, stub: Stub) -> None:
    long = "entra-p2-administrators-of-everything"
    stub.answer("GET", "/status", status(bundle_status(id=long)))
    out = seatflow("status", COLUMNS="60", FORCE_COLOR="1", TERM="xterm").stdout
    lines = out.splitlines()
    assert long in lines
    assert lines[lines.index(long) + 1].startswith("  entitled 1,234, holders 1,200, granted")
    assert all(len(line) <= 60 for line in lines)


def test_pause_and_resume(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("PUT", "/pause", controls(pause=by_ada()))
    stub.answer("DELETE", "/pause", controls())
    assert seatflow("pause").exit_code == 2
    paused = seatflow("pause --reason", "audit week")
    assert stub.last.body == {"reason": "audit week"}
    assert paused.stdout.splitlines() == [
        "Paused by Ada (unverified) since 2026-11-22 05:00 UTC: audit week",
        "Nothing is sent or carried out until someone resumes.",
    ]
    assert seatflow("resume").stdout == "Not paused.\n"


def test_protect_and_unprotect(seatflow: Seatflow, stub: Stub) -> None:
    path = "/people/ada@contoso.com/protection"
    stub.answer("PUT", path, controls(protected={ADA: by_ada(person=ADA)}))
    stub.answer("DELETE", path, controls())
    assert seatflow("protect ada@contoso.com").exit_code == 2
    protected = seatflow("protect ada@contoso.com --reason", "parental leave")
    assert stub.last.body == {"reason": "parental leave"}
    assert protected.stdout.startswith("ada@contoso.com is protected.\n")
    assert f"  {ADA}  by Ada (unverified) 2026-11-22 05:00 UTC: audit week" in protected.stdout
    assert seatflow("unprotect ada@contoso.com").stdout.splitlines() == [
        "ada@contoso.com is not protected any more.",
        "Nobody is protected.",
    ]


def test_the_controls_are_shown_together(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/controls", controls())
    assert seatflow("controls").stdout == "Not paused.\nNobody is protected.\n"
    known = controls(protected={ADA: by_ada(person=ADA)}, names={ADA: "ada@contoso.com"})
    stub.answer("GET", "/controls", known)
    assert f"  {ADA}  ada@contoso.com  by Ada (unverified)" in seatflow("controls").stdout


def test_explain_names_the_other_accounts_of_the_same_human(seatflow: Seatflow, stub: Stub) -> None:
    others = [
        {"id": ADA, "name": "ada@contoso.com", "by": "employeeId", "primary": True},
        {"id": PLAN, "name": "", "by": "mail", "primary": False},
    ]
    told = explanation(standing(), accounts={"primary": False, "others": others, "unknown": ""})
    stub.answer("GET", "/people/adm-ada@contoso.com", told)
    shown = seatflow("explain adm-ada@contoso.com").stdout
    assert "by employeeId: ada@contoso.com, the primary one." in shown
    assert f"by mail: {PLAN}." in shown
    assert "This is not the primary one." in shown

    unknown = explanation(standing(), accounts={"unknown": "not in the latest inventory"})
    stub.answer("GET", "/people/new@contoso.com", unknown)
    shown = seatflow("explain new@contoso.com").stdout
    assert "Other accounts: not in the latest inventory." in shown
