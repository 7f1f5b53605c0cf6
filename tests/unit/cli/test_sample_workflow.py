"""The sample workflow: its commands exist, it stores no secret, and it may do little."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

from cli.app import app

FILE = Path(__file__).parents[3] / "docs/samples/policy-whatif.yml"
TEXT = FILE.read_text()
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
SCRIPTS = [step["run"] for step in WORKFLOW["jobs"]["whatif"]["steps"] if "run" in step]


def test_it_lints_before_it_asks_what_if() -> None:
    commands = re.findall(r"seatflow (\w+ .*?)(?: [|>].*)?$", "\n".join(SCRIPTS), re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["lint", "whatif"]
    known: Any = get_command(app)
    for command in commands:
        name, *arguments = shlex.split(command)
        with known.commands[name].make_context(name, arguments):
            pass


def test_it_stores_no_secret_and_asks_for_little() -> None:
    assert "secrets." not in TEXT
    assert WORKFLOW["permissions"] == {
        "contents": "read",
        "id-token": "write",
        "pull-requests": "write",
    }


def test_nothing_from_the_pull_request_is_pasted_into_a_script() -> None:
    assert not [script for script in SCRIPTS if "${{" in script]


def test_its_scripts_are_shell() -> None:
    for script in SCRIPTS:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
