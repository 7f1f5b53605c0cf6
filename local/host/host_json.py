"""host.json: the few keys this host obeys; it ignores the rest, as Azure ignores unknown ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.host.errors import HostError
from local.host.settings import read_json

_OVERRIDE = "AzureFunctionsJobHost__"
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?")


@dataclass(frozen=True)
class ServiceBusOptions:
    """`extensions.serviceBus`, with the defaults of extension 5.x; durations in seconds."""

    auto_complete: bool = True
    max_concurrent_calls: int = 16
    max_concurrent_sessions: int = 8
    max_lock_renewal: float = 300.0
    session_idle: float = 60.0
    prefetch: int = 0
    max_batch: int = 1000


@dataclass(frozen=True)
class HostJson:
    """What host.json asks for; `function_timeout` in seconds, None for no end."""

    route_prefix: str = "api"
    function_timeout: float | None = 1800.0
    service_bus: ServiceBusOptions = field(default_factory=ServiceBusOptions)


def read_host_json(app_dir: Path, settings: Mapping[str, str]) -> HostJson:
    """Read host.json and what settings named AzureFunctionsJobHost__a__b put in its place.

    Raises HostError for a missing file, one that is not JSON, and a value of the wrong kind.
    """
    path = app_dir / "host.json"
    if not path.exists():
        raise HostError(f"There is no host.json in {app_dir}.")
    keys = _Keys({**_flat(read_json(path)), **_overrides(settings)})
    bus = "extensions.serviceBus"
    default = ServiceBusOptions()
    return HostJson(
        route_prefix=keys.text("extensions.http.routePrefix", "api").strip("/"),
        function_timeout=keys.timeout("functionTimeout", 1800.0),
        service_bus=ServiceBusOptions(
            auto_complete=keys.flag(f"{bus}.autoCompleteMessages", default.auto_complete),
            max_concurrent_calls=keys.count(f"{bus}.maxConcurrentCalls", 16, least=1),
            max_concurrent_sessions=keys.count(f"{bus}.maxConcurrentSessions", 8, least=1),
            max_lock_renewal=keys.seconds(f"{bus}.maxAutoLockRenewalDuration", 300.0),
            session_idle=keys.seconds(f"{bus}.sessionIdleTimeout", 60.0),
            prefetch=keys.count(f"{bus}.prefetchCount", 0),
            max_batch=keys.count(f"{bus}.maxMessageBatchSize", default.max_batch, least=1),
        ),
    )


class _Keys:
    """Values of host.json by dotted path, whatever their case, checked as they are read."""

    def __init__(self, flat: Mapping[str, Any]) -> None:
        self._flat = flat

    def text(self, path: str, default: str) -> str:
        value = self._flat.get(path.lower(), default)
        if not isinstance(value, str):
            raise self._wrong(path, value, "text")
        return value

    def flag(self, path: str, default: bool) -> bool:
        value = self._flat.get(path.lower(), default)
        if str(value).lower() not in ("true", "false"):
            raise self._wrong(path, value, "true or false")
        return str(value).lower() == "true"

    def count(self, path: str, default: int, *, least: int = 0) -> int:
        value = self._flat.get(path.lower(), default)
        if isinstance(value, bool) or not re.fullmatch(r"\d+", str(value)) or int(value) < least:
            raise self._wrong(path, value, f"a whole number from {least} up")
        return int(value)

    def seconds(self, path: str, default: float) -> float:
        value = self._flat.get(path.lower())
        if value is None:
            return default
        match = _TIME_SPAN.fullmatch(str(value))
        if not match:
            raise self._wrong(path, value, 'a time span such as "00:05:00"')
        days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds

    def timeout(self, path: str, default: float) -> float | None:
        endless = str(self._flat.get(path.lower())) in ("-1", "-1:00:00", "-00:00:01")
        return None if endless else self.seconds(path, default)

    def _wrong(self, path: str, value: Any, expected: str) -> HostError:
        return HostError(f"host.json: {path} is {value!r}; it has to be {expected}.")


def _flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in content.items():
        path = f"{prefix}{name}".lower()
        flat.update(_flat(value, f"{path}.") if isinstance(value, dict) else {path: value})
    return flat


def _overrides(settings: Mapping[str, str]) -> dict[str, str]:
    found = {k: v for k, v in settings.items() if k.lower().startswith(_OVERRIDE.lower())}
    return {k[len(_OVERRIDE) :].replace("__", ".").lower(): v for k, v in found.items()}
