"""Settings class, sample file, queue file, bindings and docs name the same things."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import Settings
from domain.errors import Never

ROOT = Path(__file__).parents[2]
SAMPLE: dict[str, str] = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
DOCS = (ROOT / "docs/settings.md").read_text()


def names() -> set[str]:
    return {str(field.alias) for field in Settings.model_fields.values()}


def bound() -> set[str]:
    text = "".join(path.read_text() for path in (ROOT / "functions").glob("*.py"))
    return set(re.findall(r"%(\w+)%", text))


def test_the_sample_starts_the_app_unedited() -> None:
    settings = Settings.from_environment(SAMPLE)
    assert settings.credential == "local"


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = set(re.findall(r"`([A-Za-z_]+)`", DOCS))
    hosts_own = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"}
    assert names() | bound() <= documented
    assert set(SAMPLE) - hosts_own <= names() | bound()


def test_every_setting_a_binding_names_is_in_the_sample() -> None:
    assert bound() <= set(SAMPLE)


def test_the_queues_of_the_sample_are_declared() -> None:
    namespaces = json.loads((ROOT / "infra/servicebus.json").read_text())["UserConfig"][
        "Namespaces"
    ]
    queues: dict[str, Any] = {q["Name"]: q["Properties"] for q in namespaces[0]["Queues"]}
    assert set(queues) == {SAMPLE["FULFILLMENT_QUEUE"], SAMPLE["RECOMPILE_QUEUE"]}
    assert queues["fulfillment"]["RequiresSession"]
    assert all(properties["RequiresDuplicateDetection"] for properties in queues.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"STORAGE_TABLES_URL": ""}, "STORAGE_TABLES_URL: Field required"),
        ({"CREDENTIAL": "password"}, "CREDENTIAL: Input should be 'identity' or 'local'"),
        ({"MODE": "dry"}, "MODE: Input should be 'live' or 'dry-run'"),
        ({"STORAGE_BLOBS_URL": "blobs"}, "STORAGE_BLOBS_URL: "),
        ({"ServiceBus": ""}, "ServiceBus__fullyQualifiedNamespace is missing"),
        ({"GRAPH_ENDPOINT": "https://graph.microsoft.com"}, "CREDENTIAL=local is for emulators"),
    ],
)  # fmt: skip
def test_a_bad_setting_is_named_in_one_sentence(changes: dict[str, str], words: str) -> None:
    with pytest.raises(Never, match=re.escape(words)):
        Settings.from_environment({**SAMPLE, **changes})
