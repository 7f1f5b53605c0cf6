"""host.json and settings: what is obeyed, what is ignored, and what is refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.host.errors import HostError
from local.host.host_json import HostJson, ServiceBusOptions, read_host_json
from local.host.settings import is_disabled, load_local_settings, resolve


def read(folder: Path, content: Any, settings: dict[str, str] | None = None) -> HostJson:
    (folder / "host.json").write_text(json.dumps(content))
    return read_host_json(folder, settings or {})


def test_without_keys_the_defaults_of_azure_hold(tmp_path: Path) -> None:
    assert read(tmp_path, {"version": "2.0"}) == HostJson("api", 1800.0, ServiceBusOptions())


def test_its_keys_are_read_and_unknown_ones_ignored(tmp_path: Path) -> None:
    bus = {
        "autoCompleteMessages": False,
        "maxConcurrentCalls": 3,
        "maxConcurrentSessions": 5,
        "maxAutoLockRenewalDuration": "00:02:00",
        "sessionIdleTimeout": "00:00:00.5",
        "prefetchCount": 7,
        "maxMessageBatchSize": 32,
        "minMessageBatchSize": 1,
    }
    content = {
        "functionTimeout": "1.00:00:10",
        "logging": {"logLevel": {"default": "Debug"}},
        "extensions": {"http": {"routePrefix": "/v1/"}, "serviceBus": bus},
    }

    assert read(tmp_path, content) == HostJson(
        "v1", 86410.0, ServiceBusOptions(False, 3, 5, 120.0, 0.5, 7, 32)
    )


def test_a_timeout_of_minus_one_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, {"functionTimeout": "-1"}).function_timeout is None


def test_a_setting_takes_the_place_of_a_key(tmp_path: Path) -> None:
    override = {"AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls": "4"}
    content = {"extensions": {"serviceBus": {"maxConcurrentCalls": 9}}}

    assert read(tmp_path, content, override).service_bus.max_concurrent_calls == 4


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("maxConcurrentCalls", 0),
        ("maxConcurrentSessions", "many"),
        ("sessionIdleTimeout", 5),
        ("autoCompleteMessages", "yes"),
        ("prefetchCount", True),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_its_key(
    tmp_path: Path, key: str, value: object
) -> None:
    with pytest.raises(HostError, match=f"serviceBus.{key} is .*; it has to be "):
        read(tmp_path, {"extensions": {"serviceBus": {key: value}}})


@pytest.mark.parametrize(("text", "why"), [("{", "not JSON"), ("[]", "not a JSON object")])
def test_a_file_that_is_not_a_json_object_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "host.json").write_text(text)

    with pytest.raises(HostError, match=f"host.json is {why}"):
        read_host_json(tmp_path, {})


def test_an_app_without_host_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"There is no host\.json in"):
        read_host_json(tmp_path, {})


def test_the_environment_wins_over_the_settings_file(tmp_path: Path) -> None:
    values = {"IsEncrypted": False, "Values": {"A": "file", "B": "file"}, "Host": {"CORS": "*"}}
    (tmp_path / "local.settings.json").write_text(json.dumps(values))
    environ = {"A": "environment"}

    load_local_settings(tmp_path, environ)

    assert environ == {"A": "environment", "B": "file"}


@pytest.mark.parametrize(
    ("content", "why"),
    [({"IsEncrypted": True}, "is encrypted"), ({"Values": {"N": 1}}, "the value of N is not text")],
)
def test_a_settings_file_we_cannot_use_is_refused(
    tmp_path: Path, content: object, why: str
) -> None:
    (tmp_path / "local.settings.json").write_text(json.dumps(content))

    with pytest.raises(HostError, match=why):
        load_local_settings(tmp_path, {})


def test_settings_are_filled_in_and_a_missing_one_is_named_with_its_place() -> None:
    assert resolve("%A%-%B%/x", {"A": "1", "B": "2"}, "here") == "1-2/x"
    with pytest.raises(
        HostError, match="binding 'm', property queueName: the setting Q is not set"
    ):
        resolve("%Q%", {}, "Function 'f', binding 'm', property queueName")


@pytest.mark.parametrize("value", ["1", "true", "True"])
def test_a_function_is_disabled_by_its_setting(value: str) -> None:
    assert is_disabled("tick", {"AzureWebJobs.tick.Disabled": value})
    assert is_disabled("tick", {"AzureWebJobs_tick_Disabled": value})
    assert not is_disabled("tock", {"AzureWebJobs.tick.Disabled": value})
