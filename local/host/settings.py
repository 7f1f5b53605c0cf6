"""App settings: the environment, local.settings.json behind it, `%NAME%` filled in from both."""

import json
import re
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from local.host.errors import HostError

FILE = "local.settings.json"
_REFERENCE = re.compile(r"%([^%]+)%")


def load_local_settings(app_dir: Path, environ: MutableMapping[str, str]) -> None:
    """Add the file's values to the environment, which wins where both have one.

    Raises HostError for a file that is not JSON, is encrypted, or holds a value that is not text.
    """
    path = app_dir / FILE
    if not path.exists():
        return
    content = read_json(path)
    if content.get("IsEncrypted"):
        raise HostError(f"{FILE} is encrypted; decrypt it with `func settings decrypt`.")
    values = content.get("Values", {})
    if not isinstance(values, dict):
        raise HostError(f"{FILE}: Values is not an object of names and texts.")
    for name, value in values.items():
        if not isinstance(value, str):
            raise HostError(f"{FILE}: the value of {name} is not text; write it in quotes.")
        environ.setdefault(name, value)


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in this file; HostError, with line and column, if there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as wrong:
        where = f"line {wrong.lineno}, column {wrong.colno}"
        raise HostError(f"{path.name} is not JSON: {wrong.msg} at {where}.") from None
    except UnicodeDecodeError:
        raise HostError(f"{path.name} is not JSON: it is not UTF-8 text.") from None
    if not isinstance(content, dict):
        raise HostError(f"{path.name} is not a JSON object.")
    return content


def resolve(text: str, settings: Mapping[str, str], where: str) -> str:
    """Replace each `%NAME%` by the setting of that name.

    Raises HostError beginning with `where` (which function, binding and property) for a missing
    one.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in settings:
            raise HostError(f"{where}: the setting {match[1]} is not set.")
        return settings[match[1]]

    return _REFERENCE.sub(value, text)


def is_disabled(function: str, settings: Mapping[str, str]) -> bool:
    """Whether the setting AzureWebJobs.NAME.Disabled turns this function off."""
    dotted, flat = f"AzureWebJobs.{function}.Disabled", f"AzureWebJobs_{function}_Disabled"
    # Linux apps may write an underscore for each dot, since a dot is no part of a variable's name
    # there.
    return settings.get(dotted, settings.get(flat, "")).lower() in ("1", "true")
