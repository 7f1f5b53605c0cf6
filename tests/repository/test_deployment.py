"""The way to Azure: the workflow packs what is deployed, and the page names what there is."""

import re
import shlex
from pathlib import Path

import yaml

from infra.graph_permissions.__main__ import _parser

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/deployment.md").read_text()
TEXT = (ROOT / "docs/samples/deploy.yml").read_text()
STEPS = yaml.safe_load(TEXT)["jobs"]["deploy"]["steps"]


def test_the_workflow_packs_the_deployed_app_and_nothing_else() -> None:
    (script,) = [step["run"] for step in STEPS if step.get("name") == "Make the package"]
    (packed,) = re.findall(r"cp -r (.*) package/", script)
    ignored = (ROOT / ".funcignore").read_text().split()
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {*ignored}
    assert set(packed.split()) == folders | {"function_app.py", "host.json"}
    assert "--require-hashes" in script


def test_the_workflow_has_no_secret_and_uses_what_nobody_can_move() -> None:
    assert "secrets." not in TEXT
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read", "id-token": "write"}
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each) for each in used)


def test_the_page_uses_the_outputs_and_variables_that_exist() -> None:
    outputs = set(re.findall(r"^output (\w+)", (ROOT / "infra/main.bicep").read_text(), re.M))
    assert set(re.findall(r"azd env get-value (\w+)", PAGE + TEXT)) <= outputs
    variables = set(re.findall(r"\$\{(\w+)", (ROOT / "infra/main.parameters.json").read_text()))
    assert set(re.findall(r"azd env set (\w+)", PAGE)) <= variables


def test_the_commands_of_the_page_are_taken_by_the_script() -> None:
    commands = re.findall(r"-m infra\.graph_permissions (.*)", PAGE)
    assert len(commands) >= 3
    for command in commands:
        _parser().parse_args(shlex.split(command))
