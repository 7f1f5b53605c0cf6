"""The parameters of `make local` are read once, and each bad one is refused with one sentence."""

from pathlib import Path

import pytest

from local.__main__ import main
from local.errors import BadOption
from local.options import Options
from local.ports import Ports


def test_without_variables_everything_has_its_default() -> None:
    assert Options.read({}) == Options(
        ports=Ports(graph=8088, service_bus=5672, azurite=10000, host=7071),
        once=False,
        people=2000,
        seed=1,
        tenant=None,
        bundles=Path("bundles"),
        host="local",
    )


def test_an_empty_variable_counts_as_absent() -> None:
    assert Options.read({"PEOPLE": "", "ONCE": "", "HOST": "", "TENANT": ""}) == Options()


def test_every_parameter_is_read(tmp_path: Path) -> None:
    tenant = tmp_path / "tenant.json"
    tenant.touch()
    environment = {
        "ONCE": "1",
        "PEOPLE": "500",
        "SEED": "7",
        "TENANT": str(tenant),
        "BUNDLES": str(tmp_path),
        "HOST": "func",
        "GRAPH_PORT": "18088",
        "SERVICEBUS_PORT": "15672",
        "AZURITE_PORT": "20000",
        "HOST_PORT": "17071",
    }

    assert Options.read(environment) == Options(
        ports=Ports(graph=18088, service_bus=15672, azurite=20000, host=17071),
        once=True,
        people=500,
        seed=7,
        tenant=tenant,
        bundles=tmp_path,
        host="func",
    )


def test_a_real_tenant_has_no_file_and_no_policies_unless_somebody_wrote_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Options.read({"TENANT": "live"}) == Options(live=True, bundles=None)

    (tmp_path / "live").mkdir()
    assert Options.read({"TENANT": "live"}).bundles is None
    (tmp_path / "live" / "first.yaml").touch()
    assert Options.read({"TENANT": "live"}).bundles == Path("live")


def test_a_real_tenant_is_looked_at_by_the_host_that_listens_to_this_machine_only() -> None:
    with pytest.raises(BadOption, match="HOST must be local with TENANT=live"):
        Options.read({"TENANT": "live", "HOST": "func"})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PEOPLE", "many", "PEOPLE must be a whole number from 100 to 1000000, not 'many'"),
        ("PEOPLE", "12", "PEOPLE must be a whole number from 100 to 1000000, not '12'"),
        ("SEED", "-1", "SEED must be a whole number from 0 to 2147483647, not '-1'"),
        ("SEED", "²", "SEED must be a whole number from 0 to 2147483647, not '²'"),
        ("GRAPH_PORT", "80", "GRAPH_PORT must be a whole number from 1024 to 65535, not '80'"),
        ("AZURITE_PORT", "65534", "AZURITE_PORT must be a whole number from 1024 to 65533"),
        ("ONCE", "yes", "ONCE must be 1 (on) or 0 (off), not 'yes'"),
        ("HOST", "docker", "HOST must be one of local, func, not 'docker'"),
        (
            "TENANT",
            "no.json",
            "TENANT must name a JSON file, or be live, and there is no file 'no.json'",
        ),
        ("BUNDLES", "no/", "BUNDLES must name a folder of YAML files, and there is no folder"),
    ],
)
def test_a_bad_parameter_is_one_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadOption) as refusal:
        Options.read({name: value})

    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


def test_an_argument_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments=["--help"]) == 2
    assert "no arguments, only variables: HOST_PORT=7072 make local" in capsys.readouterr().err
