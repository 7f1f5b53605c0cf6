"""rule eval: a rule is tried on this machine."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import run

ADA = {"id": "aaaaaaaa-0000-4000-8000-000000000000", "department": "Legal", "accountEnabled": True}
GROUP = "cccccccc-0000-4000-8000-000000000000"


@pytest.fixture
def ada(tmp_path: Path) -> str:
    file = tmp_path / "ada.json"
    file.write_text(json.dumps(ADA))
    return str(file)


@pytest.mark.parametrize(
    ("rule", "result"),
    [
        ('user.department -eq "legal"', "true"),
        ('user.department -eq "Sales"', "false"),
        ('-not (user.department -eq "Sales")', "true"),
    ],
)
def test_a_rule_is_true_or_false_of_a_person(ada: str, rule: str, result: str) -> None:
    said = run("rule eval --person", ada, rule)
    assert (said.exit_code, said.stdout, said.stderr) == (0, f"{result}\n", "")


def test_groups_are_given_one_by_one(ada: str) -> None:
    rule = f"user.memberOf -any (group.objectId -in ['{GROUP}'])"
    assert run("rule eval --person", ada, rule).stdout == "false\n"
    assert run(f"rule eval --group {GROUP} --person", ada, rule).stdout == "true\n"


def test_now_can_be_another_moment(tmp_path: Path) -> None:
    file = tmp_path / "eve.json"
    file.write_text('{"employeeHireDate": "2026-11-30T00:00:00Z"}')
    rule = "user.employeeHireDate -le system.now -plus P7D"
    said = [
        run(f"rule eval --now {now} --person", str(file), rule).stdout
        for now in ("2026-11-01T00:00:00Z", "2026-11-25T00:00:00Z")
    ]
    assert said == ["false\n", "true\n"]


def test_a_rule_that_is_none_is_shown_with_a_caret(ada: str) -> None:
    said = run("rule eval --person", ada, 'user.department -eqq "x"')
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.splitlines()[1:] == ['  user.department -eqq "x"', "                  ^"]


def test_json_says_the_same(ada: str) -> None:
    said = run("rule eval --json --person", ada, 'user.department -eq "Legal"')
    assert json.loads(said.stdout) == {"result": True, "message": ""}


def test_cases_are_one_line_each_in_order_and_nothing_else(tmp_path: Path) -> None:
    def case(id: Any, rule: Any) -> dict[str, Any]:
        return {"id": id, "rule": rule, "user": ADA, "groups": [], "now": "2026-11-22T00:00:00Z"}

    file = tmp_path / "cases.json"
    cases = [case("a", 'user.department -eq "Legal"'), case(2, "nonsense"), 7]
    file.write_text(json.dumps(cases))
    said = run("rule eval --cases", str(file))
    assert (said.exit_code, said.stderr) == (0, "")
    first, second, third = map(json.loads, said.stdout.splitlines())
    assert first == {"id": "a", "result": True, "message": ""}
    assert (second["id"], second["result"]) == (2, "error")
    assert second["message"]
    assert third["result"] == "error"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not UTF-8 text: see byte 1."),
        (b"{}", "has to be a JSON list of cases."),
        (b"[" * 200_000, "is n"),
    ],
)
def test_a_file_of_cases_that_is_none_is_wrong_input(
    tmp_path: Path, text: bytes, said: str
) -> None:
    file = tmp_path / "cases.json"
    file.write_bytes(text)
    result = run("rule eval --cases", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"value": [{"city": "Bonn"}]}', "is a list of users. Give one of them alone"),
        ("[]", "is a list of users."),
        ("7", "has to be a JSON object: a user as Graph returns one."),
        ('{"city": 7}', "is no user as Graph returns one. The user has 7 where city, a text,"),
        ("{", "is not JSON"),
    ],
)
@pytest.mark.parametrize("stdin", [True, False])
def test_a_file_that_is_no_person_is_wrong_input(
    tmp_path: Path, text: str, said: str, stdin: bool
) -> None:
    file = tmp_path / "eve.json"
    file.write_text(text)
    name = "-" if stdin else str(file)
    result = run("rule eval --person", name, "user.city -eq null", stdin=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"seatflow: {'Standard input' if stdin else file} {said}")


def test_a_now_that_is_none_is_wrong_use(ada: str) -> None:
    said = run("rule eval --now tomorrow --person", ada, "user.city -eq null")
    assert said.exit_code == 2
    assert said.stderr.startswith("seatflow: --now 'tomorrow' is no moment")


@pytest.mark.parametrize(
    "arguments",
    ["", "rule", "--person x.json", "--cases nowhere.json", "--cases c.json --now 2026-01-01"],
)
def test_half_a_question_is_wrong_use(arguments: str) -> None:
    result = run(f"rule eval {arguments}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("seatflow: ")
