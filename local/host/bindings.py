"""What triggers each function; what this host cannot do is refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.host.errors import HostError
from local.host.settings import resolve
from local.host.worker import Function

# Properties obeyed by binding type and direction; every binding has type, name and direction beside
# them.
_SUPPORTED: Mapping[tuple[str, str], frozenset[str]] = {
    ("httptrigger", "in"): frozenset({"methods", "authlevel", "route"}),
    ("http", "out"): frozenset(),
    ("timertrigger", "in"): frozenset({"schedule", "runonstartup", "usemonitor"}),
    ("servicebustrigger", "in"): frozenset(
        {
            "queuename",
            "connection",
            "issessionsenabled",
            "cardinality",
            "autocompletemessages",
            "datatype",
        }
    ),
}
_OF_EVERY_BINDING = frozenset({"type", "name", "direction"})
_NAMES = "httpTrigger, http (out), timerTrigger and serviceBusTrigger with a queue"


@dataclass(frozen=True)
class HttpTrigger:
    """An HTTP function: its route without the prefix, methods in upper case (none: all of them)."""

    function: str
    route: str
    methods: frozenset[str]
    auth_level: str


@dataclass(frozen=True)
class TimerTrigger:
    """A timer function; `schedule` is NCRONTAB, not yet checked."""

    function: str
    schedule: str
    run_on_startup: bool
    use_monitor: bool
    retry: Any


@dataclass(frozen=True)
class QueueTrigger:
    """A Service Bus queue function; `auto_complete` is None where host.json decides."""

    function: str
    queue: str
    connection: str
    sessions: bool
    many: bool
    binary: bool
    auto_complete: bool | None


type Trigger = HttpTrigger | TimerTrigger | QueueTrigger


def read_trigger(function: Function, settings: Mapping[str, str]) -> Trigger:
    """Return what triggers the function, settings filled in.

    Raises HostError, naming function and binding, for what is not supported and for a missing
    setting.
    """
    found = [_Binding(function.name, binding, settings) for binding in function.bindings]
    triggers = [binding for binding in found if binding.type.endswith("trigger")]
    if len(triggers) != 1:
        raise HostError(f"Function {function.name!r} has {len(triggers)} triggers; it needs one.")
    trigger = triggers[0]
    if trigger.type == "httptrigger":
        return _http(trigger)
    if trigger.type == "timertrigger":
        return _timer(trigger, function.retry)
    return _queue(trigger)


class _Binding:
    """One binding's properties by lower-case name (the library writes them in several cases)."""

    def __init__(self, function: str, raw: Mapping[str, Any], settings: Mapping[str, str]) -> None:
        self.function = function
        self.where = f"Function {function!r}, binding {raw.get('name')!r}"
        self.type = str(raw.get("type")).lower()
        self._raw = {name.lower(): value for name, value in raw.items() if value is not None}
        self._refuse_unsupported(raw)
        self._values = {
            name: resolve(value, settings, f"{self.where}, property {name}")
            for name, value in raw.items()
            if isinstance(value, str)
        }
        self._values = {name.lower(): value for name, value in self._values.items()}

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, default)

    def flag(self, name: str, default: bool | None = None) -> bool | None:
        value = self._raw.get(name, default)
        return value if value is None else str(value).lower() == "true"

    def one_of(self, name: str, default: str, *allowed: str) -> str:
        value = self.text(name, default).lower()
        if value not in allowed:
            raise self.refusal(
                f"{name} {value!r} is not supported (supported: {', '.join(allowed)})"
            )
        return value

    def strings(self, name: str) -> frozenset[str]:
        return frozenset(str(value).upper() for value in self._raw.get(name, ()))

    def refusal(self, why: str) -> HostError:
        return HostError(f"{self.where}: {why}.")

    def _refuse_unsupported(self, raw: Mapping[str, Any]) -> None:
        direction = str(raw.get("direction")).lower()
        supported = _SUPPORTED.get((self.type, direction))
        if supported is None:
            kind = f"type {raw.get('type')!r}, direction {direction!r}"
            raise self.refusal(f"{kind} is not supported by the local host (supported: {_NAMES})")
        for name in raw:
            if name.lower() in self._raw and name.lower() not in supported | _OF_EVERY_BINDING:
                raise self.refusal(f"the property {name!r} is not supported by the local host")


def _http(binding: _Binding) -> HttpTrigger:
    level = binding.one_of("authlevel", "function", "anonymous", "function", "admin")
    route = binding.text("route", binding.function)
    return HttpTrigger(binding.function, route, binding.strings("methods"), level)


def _timer(binding: _Binding, retry: Any) -> TimerTrigger:
    return TimerTrigger(
        binding.function,
        binding.text("schedule"),
        bool(binding.flag("runonstartup", False)),
        bool(binding.flag("usemonitor", True)),
        retry,
    )


def _queue(binding: _Binding) -> QueueTrigger:
    return QueueTrigger(
        binding.function,
        binding.text("queuename"),
        binding.text("connection"),
        sessions=bool(binding.flag("issessionsenabled", False)),
        many=binding.one_of("cardinality", "one", "one", "many") == "many",
        binary=binding.one_of("datatype", "string", "undefined", "string", "binary") == "binary",
        auto_complete=binding.flag("autocompletemessages"),
    )
