"""Settings class, sample file, queue file, bindings and docs name the same things."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import Settings
from domain.errors import Never
from domain.kinds import FURTHER
from infra.settings_page.hosts import HOSTS, QUIET
from infra.settings_page.page import text
from local.host.ncrontab import read_schedule
from tests.repository.bicep import config, module, parsed

ROOT = Path(__file__).parents[2]
SAMPLE: dict[str, str] = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
DOCS = (ROOT / "docs/settings.md").read_text()
APP_TEXTS = set(re.findall(r"'([^'$]+)'", module("app").read_text()))
AZURE: dict[str, str] = config(parsed(module("app"))["resources"]["settings"])["properties"]

DEFAULTS = dict(
    re.findall(r"^param (\w+) string = '(.*)'$", (ROOT / "infra/main.bicep").read_text(), re.M)
)
"""Of the parameters of main.bicep."""

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)

HOSTS_OWN = set(HOSTS)

ELSEWHERE = {
    *("ServiceBus", "GRAPH_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    *("STORAGE_KEY", "VISITOR_SIGN_IN", "SIGN_IN_TOKEN"),
}
"""On one machine only: what emulators take, a Graph that is none, a receiver, a visitor's needs."""


def names() -> set[str]:
    aliases = {field.alias for field in Settings.model_fields.values() if field.alias}
    return aliases | {kind.switch for kind in FURTHER}


def bound() -> set[str]:
    text = "".join(path.read_text() for path in (ROOT / "functions").glob("*.py"))
    return set(re.findall(r"%(\w+)%", text)) | {kind.schedule for kind in FURTHER}


def test_the_sample_starts_the_app_unedited() -> None:
    settings = Settings.from_environment(SAMPLE)
    assert settings.credential == "local"


def test_the_page_is_what_the_code_says() -> None:
    assert text() == DOCS, "run: .venv/bin/python -m infra.settings_page"


def test_the_page_has_a_row_for_every_setting_and_for_nothing_else() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE)
    columns = re.findall(r"\| `(\w+_SCHEDULE)` \|", DOCS)
    assert {*rows, *columns} == names() | bound() | HOSTS_OWN
    assert set(SAMPLE) | set(AZURE) <= {*rows, *columns}


def test_the_page_says_of_every_setting_what_azure_gets() -> None:
    for name, value in AZURE.items():
        (row,) = [line for line in DOCS.splitlines() if f"| `{name}` |" in line]
        if str(value) in APP_TEXTS:
            assert f"`{value}`" in row, name
    assert "| `MODE` |" in DOCS
    assert "parameter `mode`, of azd `SEATFLOW_MODE`" in DOCS


def test_azure_gets_every_setting_but_those_that_have_a_good_default() -> None:
    assert set(AZURE) - HOSTS_OWN <= names() | bound()
    left = (names() | bound()) - set(AZURE) - ELSEWHERE
    defaults = {str(f.alias): f.is_required() for f in Settings.model_fields.values()}
    assert left == {"GRAPH_WRITE_QUOTA", "GRAPH_WRITE_WINDOW", "GRAPH_UNIT_QUOTA"}
    assert not any(defaults[name] for name in left)


def test_the_settings_of_azure_make_sense() -> None:
    told = {
        "mode": "dry-run",
        "signIn": "easy-auth",
        "serviceBusHost": "sb.servicebus.windows.net",
        "insightsConnection": "InstrumentationKey=00000000-0000-0000-0000-000000000001",
        "snapshotRetention": DEFAULTS["snapshotRetention"],
    }
    environment = {
        name: re.sub(
            r"\$\{.*?\}",
            "seatflow",
            told.get(value, value) if isinstance(value, str) else "seatflow",
        )
        for name, value in AZURE.items()
    }
    settings = Settings.from_environment(environment)
    assert (settings.credential, settings.mode) == ("identity", "dry-run")
    assert settings.retention == Settings.model_fields["retention"].default
    for name in bound():
        if name.endswith("_SCHEDULE"):
            read_schedule(AZURE[name], NOON)


def test_every_setting_a_binding_names_is_in_the_sample() -> None:
    assert bound() <= set(SAMPLE)


def test_the_queues_are_declared_and_bound_as_they_are_named() -> None:
    namespaces = json.loads((ROOT / "infra/servicebus.json").read_text())["UserConfig"][
        "Namespaces"
    ]
    queues: dict[str, Any] = {q["Name"]: q["Properties"] for q in namespaces[0]["Queues"]}
    for values in (SAMPLE, AZURE):
        assert set(queues) == {values["FULFILLMENT_QUEUE"], values["RECOMPILE_QUEUE"]}
    assert queues["fulfillment"]["RequiresSession"]
    assert not queues["recompile"]["RequiresSession"]
    assert all(properties["RequiresDuplicateDetection"] for properties in queues.values())


def test_host_and_worker_agree_who_sends_telemetry() -> None:
    assert json.loads((ROOT / "host.json").read_text())["telemetryMode"] == "OpenTelemetry"
    for values in (SAMPLE, AZURE):
        assert values["PYTHON_ENABLE_OPENTELEMETRY"] == "true"
        # It would have the worker send everything once more, and more than is meant to leave.
        assert "PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY" not in values
    assert {AZURE[name] for name in QUIET} == {"true"}


def test_switches_say_which_kinds_are_read() -> None:
    named = {kind.switch: "off" for kind in FURTHER} | {"INVENTORY_USAGE": "on"}
    assert Settings.from_environment(SAMPLE | named).kinds == {"usage"}

    silent = {kind.switch: "" for kind in FURTHER}
    by_default = {kind.name for kind in FURTHER if kind.on}
    assert Settings.from_environment(SAMPLE | silent).kinds == by_default


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"STORAGE_TABLES_URL": ""}, "STORAGE_TABLES_URL: Field required"),
        ({"CREDENTIAL": "password"}, "Input should be 'identity', 'local' or 'visitor'"),
        ({"MODE": "dry"}, "MODE: Input should be 'live' or 'dry-run'"),
        ({"APPLICATIONINSIGHTS_CONNECTION_STRING": "key"}, "INSIGHTS_CONNECTION_STRING: String sh"),
        ({"STORAGE_BLOBS_URL": "blobs"}, "STORAGE_BLOBS_URL: "),
        ({"ServiceBus": ""}, "ServiceBus__fullyQualifiedNamespace is missing"),
        ({"INVENTORY_USAGE": "yes"}, "INVENTORY_USAGE is 'yes'; it can be on or off."),
        ({"GRAPH_ENDPOINT": "https://graph.microsoft.com"}, "CREDENTIAL=local is for emulators"),
    ],
)  # fmt: skip
def test_a_bad_setting_is_named_in_one_sentence(changes: dict[str, str], words: str) -> None:
    with pytest.raises(Never, match=re.escape(words)):
        Settings.from_environment({**SAMPLE, **changes})


TOKEN = "t" * 32
VISITOR = {
    "CREDENTIAL": "visitor",
    "MODE": "dry-run",
    "SIGN_IN": "token",
    "SIGN_IN_TOKEN": TOKEN,
    "PUBLIC_URL": "",
    "GRAPH_ENDPOINT": "",
}


def test_a_visitor_looks_at_a_real_tenant_and_shows_no_secret() -> None:
    settings = Settings.from_environment({**SAMPLE, **VISITOR, "STORAGE_KEY": "sesame"})
    assert (settings.visiting, settings.mode) == (True, "dry-run")
    assert settings.graph_endpoint == "https://graph.microsoft.com/v1.0"
    assert TOKEN not in repr(settings)
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"MODE": "live"}, "MODE must be dry-run, since CREDENTIAL=visitor only looks."),
        ({"MODE": ""}, "MODE must be dry-run, since CREDENTIAL=visitor only looks."),
        ({"PUBLIC_URL": "https://x.example"}, "PUBLIC_URL must be absent"),
        ({"SIGN_IN": "local"}, "SIGN_IN=local lets everybody in"),
        ({"SIGN_IN_TOKEN": "guess"}, "SIGN_IN_TOKEN has less than 32 characters"),
        ({"STORAGE_BLOBS_URL": "https://x.example"}, "STORAGE_BLOBS_URL is x.example, but"),
        ({"ServiceBus": "Endpoint=sb://x.example;"}, "ServiceBus is x.example, but"),
        ({"ServiceBus": "", "ServiceBus__fullyQualifiedNamespace": "x.y"}, "ServiceBus is None"),
        ({"CREDENTIAL": "identity"}, "SIGN_IN=token is for one machine"),
    ],
)  # fmt: skip
def test_a_visitor_has_nothing_that_writes_and_lets_nobody_else_in(
    changes: dict[str, str], words: str
) -> None:
    with pytest.raises(Never, match=re.escape(words)):
        Settings.from_environment({**SAMPLE, **VISITOR, **changes})
