"""The infrastructure: parsed, whole in itself, and the same as what the app and the simulator read.

Nothing here can be tried on Azure. `checkov` has no findings that are not justified where they
are: `checkov -d infra --framework bicep --skip-download`.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions import create_app
from functions.admin.operations import OPERATIONS
from tests.repository.bicep import (
    FILES,
    INFRA,
    config,
    module,
    outputs_asked_for,
    parsed,
    resources,
)

ROOT = INFRA.parent
MAIN = INFRA / "main.bicep"
MODULES = parsed(MAIN)["modules"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_bicep_and_says_what_it_makes(file: Path) -> None:
    assert parsed(file)
    assert file.read_text().startswith("// ")


@pytest.mark.parametrize("name", MODULES)
def test_every_module_gets_the_parameters_it_has(name: str) -> None:
    made = MODULES[name]
    file = INFRA / made["detail"]["path"]
    parameters = parsed(file)["parameters"]
    given = set(config(made)["params"])
    assert given <= set(parameters)
    assert {name for name, each in parameters.items() if each["default"] is None} <= given


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_output_that_is_asked_for_is_there(file: Path) -> None:
    for name, output in outputs_asked_for(file):
        made = INFRA / parsed(file)["modules"][name]["detail"]["path"]
        assert output in parsed(made)["outputs"], (name, output)


def test_every_module_is_used() -> None:
    used = {(INFRA / made["detail"]["path"]).resolve() for made in MODULES.values()}
    assert used == {file for file in FILES if file != MAIN}


def test_the_parameters_are_described_and_safe_where_nobody_says_anything() -> None:
    parameters = parsed(MAIN)["parameters"]
    for name, each in parameters.items():
        described = {decorator["type"] for decorator in each["decorators"]}
        assert "description" in described or name == "location", name
    assert parameters["mode"]["default"] == "dry-run"
    needed = {name for name, each in parameters.items() if each["default"] is None}
    assert needed == {"environmentName", "location"}
    given = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
    assert needed <= set(given) <= set(parameters)


def test_nothing_opens_with_a_key() -> None:
    (account,) = resources("Microsoft.Storage/storageAccounts")
    assert account["properties"]["allowSharedKeyAccess"] is False
    assert account["properties"]["allowBlobPublicAccess"] is False
    (namespace,) = resources("Microsoft.ServiceBus/namespaces")
    assert namespace["properties"]["disableLocalAuth"] is True
    (insights,) = resources("Microsoft.Insights/components")
    assert insights["properties"]["DisableLocalAuth"] is True
    (workspace,) = resources("Microsoft.OperationalInsights/workspaces")
    assert workspace["properties"]["features"]["disableLocalAuth"] is True
    for publishing in resources("Microsoft.Web/sites/basicPublishingCredentialsPolicies"):
        assert publishing["properties"]["allow"] is False
    everything = "".join(file.read_text() for file in FILES)
    assert not re.search(r"listKeys|AccountKey|SharedAccessKey|@secure|password", everything)


def test_the_queues_are_those_that_the_simulator_reads() -> None:
    (queue,) = resources("Microsoft.ServiceBus/namespaces/queues")
    declared = json.loads((INFRA / "servicebus.json").read_text())
    (namespace,) = declared["UserConfig"]["Namespaces"]
    text = module("service_bus").read_text()
    assert "loadJsonContent('../servicebus.json')" in text
    for name in queue["properties"]:
        assert f"{name}: queue.Properties.{name[0].upper()}{name[1:]}\n" in text
    made = {name[0].upper() + name[1:] for name in queue["properties"]}
    for each in namespace["Queues"]:
        said = {name for name, value in each["Properties"].items() if value != ""}
        assert said == made, each["Name"]


def test_the_identity_has_the_roles_it_needs_and_no_more() -> None:
    roles = {
        name: value["value"]
        for name, value in parsed(module("roles"))["variables"].items()
        if name != "declared"
    }
    assert roles == {
        "blobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        "tableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        "serviceBusDataReceiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
        "serviceBusDataSender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
        "reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "monitoringMetricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    }
    granted = resources("Microsoft.Authorization/roleAssignments")
    assert len(granted) == len(roles)
    scopes = re.findall(r"\n  scope: (\S+)\n", module("roles").read_text())
    assert sorted(scopes) == ["account"] * 2 + ["insights"] + ["queues[i]"] * 3


def test_the_app_runs_the_python_that_the_project_is_for() -> None:
    (site,) = resources("Microsoft.Web/sites")
    runtime = site["properties"]["functionAppConfig"]["runtime"]
    assert runtime == {"name": "python", "version": (ROOT / ".python-version").read_text().strip()}


def test_easy_auth_guards_every_path_but_those_that_are_open_on_purpose() -> None:
    file = module("sign_in")
    settings = config(parsed(file)["resources"]["signIn"])["properties"]
    assert settings["globalValidation"]["excludedPaths"] == "open"
    assert sorted(parsed(file)["variables"]["open"]["value"]) == _open_paths()
    # What the app believes, and what is switched on, come from the same parameter.
    main = MAIN.read_text()
    assert "signIn: empty(signInClientId) ? 'none' : 'easy-auth'" in main
    assert "clientId: signInClientId" in main
    assert "platform: { enabled: !empty(clientId) }" in file.read_text()
    assert "clientCertEnabled: !empty(clientCertificateRoles)" in module("app").read_text()
    assert "takesCertificates: !empty(clientCertificateRoles)" in main


def _open_paths() -> list[str]:
    admin = {operation.name for operation in OPERATIONS}
    found = []
    for function in create_app(lambda: None).get_functions():  # type: ignore[arg-type, return-value]
        trigger: Any = function.get_trigger()
        if trigger.type == "httpTrigger" and function.get_function_name() not in admin:
            found.append(f"/api/{trigger.route}")
    return sorted(found)
