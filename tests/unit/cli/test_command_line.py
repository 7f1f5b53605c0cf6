"""The command as a whole: its entry, its help, its page, and what it loads."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.main import get_command

from cli.answers import controls as switches
from cli.answers import failures, inventory, ledger, licenses, people, plans, policy
from cli.answers import status as states
from cli.answers import undo as undoings
from cli.app import app
from cli.errors import Complaint
from domain import controls, past, records
from domain import ledger as rows
from domain.decision import effect, undoing
from domain.explanation import Account, Accounts, Explanation, Standing
from domain.inventory import row_diff, snapshot_diff
from domain.jobs import ledger as jobs
from domain.jobs.licenses import Licenses
from domain.jobs.look import Compared
from domain.jobs.push import Linted, Pushed, PushedBundle
from domain.jobs.replay import Failure, Failures, Replayed
from domain.jobs.status import BundleStatus, SnapshotStatus, Status
from domain.jobs.undo import Undo, UndoEnded
from domain.lint import Finding
from domain.ports import KeptSnapshot
from domain.rule import Clause
from tests.unit.cli.conftest import run

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/command.md").read_text()
SEATFLOW = Path(sys.executable).with_name("seatflow")


def _commands(command: Any = None, name: str = "") -> Iterator[tuple[str, Any]]:
    command = command or get_command(app)
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {part}".strip())


COMMANDS = dict(_commands())
GROUPS = ("", "rule", "plan", "ledger", "licenses", "inventory")


def _entry(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SEATFLOW, *arguments], input=stdin, capture_output=True, text=True, check=False
    )


def test_the_installed_command_runs() -> None:
    done = _entry("rule", "eval", "user.accountEnabled -eq true", "--person", "-", stdin="{}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "false\n", "")


def test_the_installed_command_complains_in_a_sentence() -> None:
    done = _entry("status", "--url", "http://127.0.0.1:1")
    assert (done.returncode, done.stdout) == (4, "")
    assert re.fullmatch(r"seatflow: There is no service at .*\n", done.stderr)


def test_trying_a_rule_loads_nothing_that_speaks_to_a_service(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text('[{"id": 1, "rule": "user.city -eq null", "user": {}}]')
    code = (
        "import sys\nfrom cli.app import app\n"
        "app(['rule', 'eval', '--cases', sys.argv[1]], standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, file], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stderr.split())
    assert not loaded & {"aiohttp", "azure.identity", "azure.core", "pyarrow", "domain.jobs"}
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_is_made_of_sentences(name: str) -> None:
    command = COMMANDS[name]
    helps = [command.help, *(each.help for each in command.params if each.name != "help")]
    for text in helps:
        assert re.fullmatch(r"[A-Z].*\.", text or "", re.DOTALL), text
    shown = run(f"{name} --help")
    assert shown.exit_code == 0
    assert "bool" not in shown.stdout


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in GROUPS])
def test_every_command_and_option_is_on_its_page(name: str) -> None:
    assert f"`seatflow {name}" in PAGE
    for parameter in COMMANDS[name].params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert re.search(rf"`[^`\n]*{option}\b", PAGE), option


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in GROUPS])
def test_every_command_can_answer_in_json(name: str) -> None:
    assert "json" in {parameter.name for parameter in COMMANDS[name].params}


def test_every_exit_code_is_on_the_page() -> None:
    codes = {kind.code for kind in _kinds(Complaint)}
    assert codes == {1, 2, 3, 4}
    for code in {0, 130, *codes}:
        assert re.search(rf"^\| {code} \|", PAGE, re.MULTILINE), code


def _kinds(kind: type[Complaint]) -> Iterator[type[Complaint]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (policy.Finding, Finding),
        (policy.Linted, Linted),
        (policy.Pushed, Pushed),
        (policy.PushedBundle, PushedBundle),
        (policy.Effect, effect.Effect),
        (policy.BundleEffect, effect.BundleEffect),
        (policy.ProductEffect, effect.ProductEffect),
        (plans.Plan, records.StoredPlan),
        (people.Explanation, Explanation),
        (people.Standing, Standing),
        (people.Clause, Clause),
        (switches.Protection, controls.Protection),
        (switches.Controls, controls.Controls),
        (switches.Pause, controls.Pause),
        (states.Status, Status),
        (states.Inventory, SnapshotStatus),
        (states.BundleStatus, BundleStatus),
        (states.Run, records.Run),
        (ledger.Verified, jobs.Verified),
        (ledger.History, jobs.History),
        (ledger.HeldOn, jobs.HeldOn),
        (ledger.Told, past.Told),
        (ledger.Holding, past.Holding),
        (people.Decision, rows.Row),
        (undoings.Undo, Undo),
        (undoings.UndoEnded, UndoEnded),
        (undoings.Undoing, undoing.Undoing),
        (undoings.Undone, undoing.Undone),
        (failures.Failures, Failures),
        (failures.Failure, Failure),
        (failures.Row, rows.Row),
        (failures.Unreadable, rows.Unreadable),
        (failures.Replayed, Replayed),
        (licenses.Licenses, Licenses),
        (people.Accounts, Accounts),
        (people.Account, Account),
        (inventory.KeptSnapshot, KeptSnapshot),
        (inventory.Compared, Compared),
        (inventory.SnapshotDiff, snapshot_diff.SnapshotDiff),
        (inventory.KindDiff, row_diff.KindDiff),
        (inventory.RowChange, row_diff.RowChange),
        (inventory.Named, snapshot_diff.Named),
        (inventory.Changed, snapshot_diff.Changed),
        (inventory.Moved, snapshot_diff.Moved),
        (inventory.GroupMoves, snapshot_diff.GroupMoves),
    ],
)
def test_what_the_command_shows_is_what_the_service_answers(
    model: type[BaseModel], kind: Any
) -> None:
    assert set(model.model_fields) <= {field.name for field in fields(kind)}


@pytest.mark.parametrize("many", [1, 2_000])
def test_whoever_reads_it_may_go(tmp_path: Path, many: int) -> None:
    file = tmp_path / "cases.json"
    file.write_text(f"[{', '.join(['7'] * many)}]")
    line = f"{SEATFLOW} rule eval --cases {file} | true"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_ctrl_c_ends_it_without_a_word_of_python() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = subprocess.Popen(
            [SEATFLOW, "status", "--url", url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Started in the background of a script, we would hand down that it is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
