"""Queues as declared in Microsoft's emulator `Config.json`.

The format is that of the Service Bus emulator, so that the same file starts the official one.
What this simulator does not do is refused by name, not ignored.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulators.servicebus.broker.settings import QueueSettings
from simulators.servicebus.durations import milliseconds

_SECOND, _DAY = 1000, 24 * 60 * 60 * 1000


class ConfigError(Exception):
    """The configuration cannot be used; the text is one sentence for a person."""


def load_queues(path: Path) -> list[QueueSettings]:
    """Return the declared queues; ConfigError with one sentence when the file is of no use."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not JSON: {error}.") from error
    try:
        return _queues(document)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _queues(document: Any) -> list[QueueSettings]:
    _only_known(document, "the file", {"UserConfig", "Logging"})
    user_config = _member(document, "UserConfig", dict, "the file")
    _only_known(user_config, "UserConfig", {"Namespaces", "Logging"})
    namespaces = _member(user_config, "Namespaces", list, "UserConfig")
    if len(namespaces) != 1:
        raise ConfigError(f"there must be one namespace, not {len(namespaces)}.")
    _only_known(namespaces[0], "the namespace", {"Name", "Queues", "Topics"})
    for topic in namespaces[0].get("Topics") or []:
        name = topic.get("Name") if isinstance(topic, dict) else topic
        raise ConfigError(f"topic '{name}' is declared, but this simulator has queues only.")
    queues = [_queue(entry) for entry in _member(namespaces[0], "Queues", list, "the namespace")]
    names = [queue.name.lower() for queue in queues]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"queue '{name}' is declared twice.")
    return queues


def _queue(entry: Any) -> QueueSettings:
    _only_known(entry, "a queue", {"Name", "Properties"})
    name = _member(entry, "Name", str, "a queue")
    if not name or "/" in name:
        raise ConfigError(f"'{name}' cannot be the name of a queue.")
    properties = entry.get("Properties", {})
    where = f"queue '{name}'"
    _only_known(properties, where, set(PROPERTIES))
    given = {key: PROPERTIES[key](value, f"{key} of {where}") for key, value in properties.items()}
    window = given.get("DuplicateDetectionHistoryTimeWindow", 10 * 60 * _SECOND)
    return QueueSettings(
        name=name,
        lock_duration=given.get("LockDuration", 60 * _SECOND),
        max_delivery_count=given.get("MaxDeliveryCount", 10),
        requires_session=given.get("RequiresSession", False),
        duplicate_window=window if given.get("RequiresDuplicateDetection") else None,
        default_ttl=given.get("DefaultMessageTimeToLive"),
        dead_letters_expired=given.get("DeadLetteringOnMessageExpiration", False),
    )


def _only_known(value: Any, where: str, known: set[str]) -> None:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} must be an object.")
    for key in value:
        if key not in known:
            raise ConfigError(f"{where} has '{key}'; known are {', '.join(sorted(known))}.")


def _member[T](value: dict[str, Any], key: str, kind: type[T], where: str) -> T:
    member = value.get(key)
    if not isinstance(member, kind):
        raise ConfigError(f"{where} needs '{key}' as {_KIND_NAMES[kind]}.")
    return member


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{where} must be true or false, not {value!r}.")
    return value


def _duration(shortest: int, longest: int, limits: str) -> Callable[[Any, str], int]:
    def read(value: Any, where: str) -> int:
        try:
            duration = milliseconds(str(value))
        except ValueError as error:
            raise ConfigError(f"{where}: {error}.") from error
        if not shortest <= duration <= longest:
            raise ConfigError(f"{where} must be {limits}, not {value}.")
        return duration

    return read


def _delivery_count(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 2000:
        raise ConfigError(f"{where} must be a number from 1 to 2000, not {value!r}.")
    return value


def _nowhere(value: Any, where: str) -> None:
    if value:
        raise ConfigError(f"{where} is '{value}', but this simulator does not forward.")


_KIND_NAMES: dict[type, str] = {dict: "an object", list: "a list", str: "a text"}

# Limits: Azure docs, Microsoft.ServiceBus/namespaces/queues; the emulator's are the same but for
# its longest time to live.
PROPERTIES: dict[str, Callable[[Any, str], Any]] = {
    "DeadLetteringOnMessageExpiration": _flag,
    "DefaultMessageTimeToLive": _duration(_SECOND, 1 << 62, "at least PT1S"),
    "DuplicateDetectionHistoryTimeWindow": _duration(
        20 * _SECOND, 7 * _DAY, "between PT20S and P7D"
    ),
    "ForwardDeadLetteredMessagesTo": _nowhere,
    "ForwardTo": _nowhere,
    "LockDuration": _duration(5 * _SECOND, 5 * 60 * _SECOND, "between PT5S and PT5M"),
    "MaxDeliveryCount": _delivery_count,
    "RequiresDuplicateDetection": _flag,
    "RequiresSession": _flag,
}
