"""The sample workflows: their commands exist, they store no secret, and they may do little."""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from cli.app import app

FOLDER = Path(__file__).parents[3] / "docs/samples"
TEXTS = {job: (FOLDER / f"policy-{job}.yml").read_text() for job in ("whatif", "push")}
WORKFLOWS: dict[str, dict[Any, Any]] = {job: yaml.safe_load(text) for job, text in TEXTS.items()}
STEPS = {job: workflow["jobs"][job]["steps"] for job, workflow in WORKFLOWS.items()}
SCRIPTS = {job: [step["run"] for step in steps if "run" in step] for job, steps in STEPS.items()}

both = pytest.mark.parametrize("job", TEXTS)

ERRORS = "a.yaml:3: error: No product. [unknown-product]\n1 error, 0 warnings.\n"
WARNINGS = "a.yaml:9: warning: It names no one. [no-one]\n0 errors, 1 warning.\n"
UNREADABLE = "seatflow: Only *.yaml is read in policy. Rename other.yml.\n"
EFFECT = "## What this policy would do: 1 bundle, none held\n"


@pytest.mark.parametrize(("job", "names"), [("whatif", ["lint", "whatif"]), ("push", ["push"])])
def test_it_lints_before_it_asks_what_if_and_pushes_what_is_merged(
    job: str, names: list[str]
) -> None:
    lines = "\n".join(SCRIPTS[job])
    commands = re.findall(r"(?:^|=\$\w+ )seatflow (\w+ .*?)(?: [|>2].*)?$", lines, re.MULTILINE)
    assert [command.split()[0] for command in commands] == names
    known: Any = get_command(app)
    for command in commands:
        name, *arguments = shlex.split(command)
        with known.commands[name].make_context(name, arguments):
            pass


@both
def test_it_signs_in_and_uses_no_function_key(job: str) -> None:
    assert WORKFLOWS[job]["jobs"][job]["env"]["SEATFLOW_SCOPE"] == "${{ vars.SEATFLOW_SCOPE }}"
    assert "listkeys" not in TEXTS[job]
    assert "SEATFLOW_KEY" not in TEXTS[job]


@both
def test_it_stores_no_secret_and_asks_for_little(job: str) -> None:
    assert "secrets." not in TEXTS[job]
    comments = {"pull-requests": "write"} if job == "whatif" else {}
    assert WORKFLOWS[job]["permissions"] == {"contents": "read", "id-token": "write"} | comments


@both
def test_whatever_ends_like_a_policy_starts_it(job: str) -> None:
    events = WORKFLOWS[job][True]  # YAML 1.1 reads `on` as true
    event = events["pull_request" if job == "whatif" else "push"]
    assert event["paths"] == ["**.yaml", "**.yml"]


@both
def test_what_it_uses_is_pinned(job: str) -> None:
    for used in re.findall(r"uses: (.*)", TEXTS[job]):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", used)
    (install,) = [script for script in SCRIPTS[job] if "pip install" in script]
    assert "--require-hashes -r .seatflow/requirements-dev.txt" in install
    assert "--no-deps --no-build-isolation" in install


@both
def test_nothing_from_outside_is_pasted_into_a_script(job: str) -> None:
    assert not [script for script in SCRIPTS[job] if "${{" in script]


@both
def test_its_scripts_are_shell(job: str) -> None:
    for script in SCRIPTS[job]:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_a_push_belongs_to_an_environment_and_is_never_broken_off() -> None:
    assert WORKFLOWS["push"]["jobs"]["push"]["environment"]
    assert WORKFLOWS["push"]["concurrency"]["cancel-in-progress"] is False


_TOO_LONG = "".join(f"a.yaml:{n}: warning: W. [w]\n" for n in range(9_000))


@pytest.mark.parametrize(
    ("lint", "files", "said", "unsaid"),
    [
        ("failure", {"findings": ERRORS}, ["unknown, it has errors", "No product."], ["Nobody"]),
        ("failure", {"complaint": UNREADABLE}, ["Nobody could look at it", "Rename"], ["errors"]),
        (
            "success",
            {"findings": "No findings.\n", "complaint": "seatflow: It is not up (502).\n"},
            ["Lint passes, and what-if gives no answer", "not up (502)"],
            ["errors", "No findings"],
        ),
        (
            "success",
            {"findings": WARNINGS, "complaint": "seatflow: It is not up (502).\n"},
            ["gives no answer", "It names no one."],
            ["it has errors"],
        ),
        (
            "success",
            {"findings": WARNINGS, "whatif": EFFECT},
            [EFFECT, "Lint says:", "It names no one."],
            ["unknown"],
        ),
        ("success", {"findings": "No findings.\n", "whatif": EFFECT}, [EFFECT], ["Lint says"]),
        ("success", {"findings": _TOO_LONG, "whatif": EFFECT}, ["and more"], ["a.yaml:8999"]),
        ("success", {"whatif": EFFECT + "→" * 70_000}, ["too long for a comment"], []),
        ("failure", {"findings": _TOO_LONG}, ["it has errors", "and more"], ["a.yaml:8999"]),
        ("failure", {"findings": f"````\n{ERRORS}"}, ["''''"], []),
        ("skipped", {}, ["ended before it could ask"], ["Lint"]),
    ],
)
def test_the_comment_says_how_far_it_came(
    tmp_path: Path, lint: str, files: Mapping[str, str], said: list[str], unsaid: list[str]
) -> None:
    comment = _comment(tmp_path, lint, files)
    assert re.match(r"<!-- seatflow what-if -->\n+## What this policy would do: ", comment)
    assert len(comment) < 65_536
    for words in said:
        assert words in comment
    for words in unsaid:
        assert words not in comment
    assert comment.count("````") in (0, 2, 4)


def _comment(folder: Path, lint: str, files: Mapping[str, str]) -> str:
    """Run the step that comments, with a `gh` that knows no comment yet."""
    for name, text in files.items():
        end = "md" if name == "whatif" else "txt"
        (folder / f"{name}.{end}").write_text(text)
    gh = folder / "gh"
    gh.write_text("#!/bin/sh\n")
    gh.chmod(0o755)
    (script,) = [step["run"] for step in STEPS["whatif"] if step.get("name") == "Comment"]
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "LINT": lint, "COMMENTS": "c", "COMMENT": "c"}
    subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=folder, env=env, check=True)
    return (folder / "comment.md").read_text()
