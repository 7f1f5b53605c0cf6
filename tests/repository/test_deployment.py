"""The way to Azure: the workflow packs what is deployed, and the page names what there is."""

import json
import re
import shlex
from pathlib import Path

import yaml

from domain.caller import Role
from infra.graph_permissions.__main__ import _parser
from infra.package.contents import app_files
from infra.package.packages import strip

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/deployment.md").read_text()
TEXT = (ROOT / "docs/samples/deploy.yml").read_text()
STEPS = yaml.safe_load(TEXT)["jobs"]["deploy"]["steps"]


def test_the_workflow_makes_the_package_that_is_tested() -> None:
    (script,) = [step["run"] for step in STEPS if step.get("name") == "Make the package"]
    assert script.splitlines()[0] == ".venv/bin/python -m infra.package package"


def test_the_package_holds_the_app_and_nothing_else() -> None:
    files = [*app_files()]
    assert {file.parts[0] for file in files} == {
        *("adapters", "domain", "functions"),
        *("function_app.py", "host.json", "requirements.txt", "LICENSE"),
    }
    assert {file.suffix for file in files} == {".py", ".json", ".txt", ""}


PRIVATE = (
    *("live/e3.yaml", "found/people.csv", ".local/live/7071/token", "tenant.json"),
    *("local.settings.json", ".env", "x/.env.local", "build.pem", "build.key"),
    *("adapters/__pycache__/a.pyc", ".venv/a", "node_modules/a", "tests/a.py", "docs/a.md"),
)


def test_nothing_that_lies_about_on_somebodys_machine_gets_into_it(tmp_path: Path) -> None:
    (tmp_path / ".funcignore").write_text((ROOT / ".funcignore").read_text())
    for name in (*PRIVATE, "function_app.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [*app_files(tmp_path)] == [Path("function_app.py")]


def test_what_is_stripped_is_what_is_never_loaded(tmp_path: Path) -> None:
    kept = ("pyarrow/lib.so", "pyarrow/libarrow_python.so.2600", "numpy/testing/__init__.py")
    gone = ("pyarrow/libarrow_python.so", "pyarrow/libarrow_python.so.2600.1.0", "a/tests/b.py",
            "pyarrow/libarrow_flight.so.2600", "pyarrow/include/a.h", "a/b/c.pyi")  # fmt: skip
    for name in (*kept, *gone):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    strip(tmp_path)
    left = {str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()}
    assert left == {*kept}


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


def test_without_azd_the_page_names_parameters_that_exist() -> None:
    parameters = set(re.findall(r"^param (\w+)", (ROOT / "infra/main.bicep").read_text(), re.M))
    (command,) = re.findall(r"--parameters (.*)", PAGE)
    assert {word.partition("=")[0] for word in command.split()} <= parameters
    given = json.loads((ROOT / "infra/main.parameters.json").read_text())["parameters"]
    for parameter, variable in re.findall(r"`(\w+)` for\s+`(\w+)`", PAGE):
        assert variable in given[parameter]["value"]


def test_the_roles_to_register_are_those_that_the_app_knows() -> None:
    roles = json.loads((ROOT / "docs/samples/app-roles.json").read_text())
    assert {each["value"] for each in roles} == {*Role}
    assert len({each["id"] for each in roles}) == len(roles)
    assert all(each["allowedMemberTypes"] == ["User", "Application"] for each in roles)


def test_the_commands_of_the_page_are_taken_by_the_script() -> None:
    commands = re.findall(r"-m infra\.graph_permissions (.*)", PAGE)
    assert len(commands) >= 3
    for command in commands:
        _parser().parse_args(shlex.split(command))
