"""The parameters of `make local`, read from the environment, refused with a sentence each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import BadOption
from local.ports import DEFAULT_PORTS, Ports

HOSTS = ("local", "func")
LIVE = "live"
"""The TENANT that is a real one."""
POLICIES, POLICIES_OF_LIVE = "bundles", "live"
"""Where policies lie unless somebody says; those for a real tenant are in no repository of ours."""


@dataclass(frozen=True)
class Options:
    """What the person asked for."""

    ports: Ports = DEFAULT_PORTS
    once: bool = False
    people: int = 2000
    seed: int = 1
    tenant: Path | None = None
    live: bool = False
    """Look at a real tenant."""
    bundles: Path | None = Path(POLICIES)
    """None where a real tenant is looked at and nobody has written policy yet."""
    host: str = "local"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Options":
        """Read the parameters; an empty variable counts as absent.

        Raises:
            BadOption: one sentence naming the variable, its value and what is allowed.
        """
        live = environment.get("TENANT", "").strip() == LIVE
        return cls(
            ports=_ports(environment),
            once=_switch(environment, "ONCE"),
            people=_number(environment, "PEOPLE", 2000, 100, 1_000_000),
            seed=_number(environment, "SEED", 1, 0, 2**31 - 1),
            tenant=None if live else _tenant(environment),
            live=live,
            bundles=_bundles(environment, live),
            host=_host(environment, live),
        )


def _ports(environment: Mapping[str, str]) -> Ports:
    default = DEFAULT_PORTS
    return Ports(
        graph=_number(environment, "GRAPH_PORT", default.graph, 1024, 65535),
        service_bus=_number(environment, "SERVICEBUS_PORT", default.service_bus, 1024, 65535),
        azurite=_number(environment, "AZURITE_PORT", default.azurite, 1024, 65533),
        host=_number(environment, "HOST_PORT", default.host, 1024, 65535),
    )


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadOption(f"{name} must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip()
    if text not in ("", "0", "1"):
        raise BadOption(f"{name} must be 1 (on) or 0 (off), not {text!r}")
    return text == "1"


def _tenant(environment: Mapping[str, str]) -> Path | None:
    text = environment.get("TENANT", "").strip()
    if not text:
        return None
    if not Path(text).is_file():
        raise BadOption(f"TENANT must name a JSON file, or be live, and there is no file {text!r}")
    return Path(text)


def _bundles(environment: Mapping[str, str], live: bool) -> Path | None:
    text = environment.get("BUNDLES", "").strip()
    if live and not text and not any(Path(POLICIES_OF_LIVE).glob("*.yaml")):
        return None
    text = text or (POLICIES_OF_LIVE if live else POLICIES)
    if not Path(text).is_dir():
        raise BadOption(
            f"BUNDLES must name a folder of YAML files, and there is no folder {text!r}"
        )
    return Path(text)


def _host(environment: Mapping[str, str], live: bool) -> str:
    text = environment.get("HOST", "").strip() or "local"
    if text not in HOSTS:
        raise BadOption(f"HOST must be one of {', '.join(HOSTS)}, not {text!r}")
    if live and text != "local":
        raise BadOption("HOST must be local with TENANT=live: Core Tools listen to other machines")
    return text
