"""The programs of the stack point at each other, whatever ports they were given."""

from dataclasses import replace
from pathlib import Path

import pytest

from local.errors import StackError
from local.layout import Layout
from local.ports import Ports
from local.process import Program
from local.programs import programs
from local.secret import Secret, visit_settings

_PORTS = Ports(graph=18088, service_bus=15672, azurite=20000, host=17071)


_LAYOUT = Layout(Path("tenant.json"), Path(".local/17071"), _PORTS)


def _program(layout: Layout, name: str) -> Program:
    (found,) = [program for program in programs(layout) if program.name == name]
    return found


def test_the_host_is_pointed_at_this_stack() -> None:
    environment = _program(_LAYOUT, "host").environment

    assert environment["GRAPH_ENDPOINT"] == "http://127.0.0.1:18088/v1.0"
    assert environment["STORAGE_BLOBS_URL"] == "http://127.0.0.1:20000/devstoreaccount1"
    assert environment["STORAGE_TABLES_URL"] == "http://127.0.0.1:20002/devstoreaccount1"
    assert environment["PUBLIC_URL"] == "http://127.0.0.1:17071"
    assert environment["ServiceBus"].startswith("Endpoint=sb://127.0.0.1:15672;")
    assert ":20002/devstoreaccount1;" in environment["AzureWebJobsStorage"]


def test_the_host_is_told_whose_notifications_to_take() -> None:
    known = replace(_LAYOUT, tenant_id="7d96d549-841b-4092-9c09-89abae4c860c")

    assert "AZURE_TENANT_ID" not in _LAYOUT.host_settings()
    assert _program(known, "host").environment["AZURE_TENANT_ID"] == known.tenant_id


def test_a_visitors_host_is_told_so_last_and_there_is_no_simulator() -> None:
    secret = Secret()
    layout = replace(_LAYOUT, tenant=None, settings=visit_settings(secret, {"MODE": "live"}))

    host, azurite = _program(layout, "host"), _program(layout, "azurite")

    assert [each.name for each in programs(layout)] == ["azurite", "servicebus", "host"]
    told = {name: host.environment[name] for name in ("CREDENTIAL", "MODE", "SIGN_IN")}
    assert told == {"CREDENTIAL": "visitor", "MODE": "dry-run", "SIGN_IN": "token"}
    # Wherever else this machine sends its telemetry, of a real tenant nothing goes there.
    assert host.environment["OTEL_EXPORTER_OTLP_ENDPOINT"] == ""
    assert host.environment["GRAPH_ENDPOINT"] == host.environment["PUBLIC_URL"] == ""
    assert "--enable-auth" in host.command
    assert azurite.environment["AZURITE_ACCOUNTS"].endswith(f":{secret.storage_key}")
    assert secret.token not in " ".join(host.command)
    assert secret.token != Secret().token
    assert secret.token not in repr(secret)


def test_on_the_default_port_storage_has_its_short_name() -> None:
    settings = replace(_LAYOUT, ports=Ports()).host_settings()

    assert settings["AzureWebJobsStorage"] == "UseDevelopmentStorage=true"


def test_the_sample_fills_in_what_nobody_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMPILE_QUEUE", "mine")

    environment = _program(_LAYOUT, "host").environment

    assert environment["FULFILLMENT_QUEUE"] == "fulfillment"
    assert environment["RECOMPILE_QUEUE"] == "mine"


def test_settings_of_the_caller_win() -> None:
    layout = replace(_LAYOUT, settings={"PUBLIC_URL": "http://127.0.0.1:1"})

    assert _program(layout, "host").environment["PUBLIC_URL"] == "http://127.0.0.1:1"


def test_azurite_forgets_unless_it_is_to_remember() -> None:
    assert "--inMemoryPersistence" in _program(_LAYOUT, "azurite").command
    assert "--location" in _program(replace(_LAYOUT, persistent=True), "azurite").command


def test_core_tools_run_the_app_where_they_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "func").touch(mode=0o755)
    (tmp_path / "node").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    command = _program(replace(_LAYOUT, host="func"), "host").command

    assert command == (str(tmp_path / "func"), "start", "--port", "17071")


def test_missing_core_tools_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(StackError, match="HOST=func needs Azure Functions Core Tools"):
        programs(replace(_LAYOUT, host="func"))


def test_missing_node_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(StackError, match=r"Node\.js was not found on PATH"):
        programs(_LAYOUT)
