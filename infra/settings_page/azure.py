"""What Azure gets: the app settings of app.bicep, and the parameters that decide about them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

INFRA = Path(__file__).parents[1]
_SETTING = re.compile(r"^    (\w+): (.+)$", re.MULTILINE)
_PARAMETER = re.compile(r"^param (\w+) ", re.MULTILINE)
_TEXT = re.compile(r"'([^'$]*)'")


def in_azure() -> Mapping[str, str]:
    """Return what each app setting is set to, in words for the page, by its name."""
    told = (INFRA / "modules/app.bicep").read_text()
    (block,) = re.findall(r"\n  name: 'appsettings'\n  properties: \{\n(.*?)\n  \}\n", told, re.S)
    given = _given()
    return {name: _shown(value, given) for name, value in _SETTING.findall(block)}


def _shown(value: str, given: Mapping[str, str]) -> str:
    text = _TEXT.fullmatch(value)
    if text:
        return f"`{text[1]}`" if text[1] else "empty"
    return given.get(value, "made by Bicep")


def _given() -> dict[str, str]:
    """Return, for what main.bicep hands to app.bicep, the parameters it is made from."""
    main = (INFRA / "main.bicep").read_text()
    (handed,) = re.findall(r"\nmodule app .*?params: \{\n(.*?)\n  \}\n", main, re.S)
    parameters, asked = _PARAMETER.findall(main), _asked_of_azd()
    shown = {}
    for name, value in re.findall(r"^    (\w+): (.+)$", handed, re.MULTILINE):
        used = [each for each in parameters if re.search(rf"\b{each}\b", value)]
        if used and used != ["location"]:
            shown[name] = ", ".join(
                f"parameter `{each}`" + (f", of azd `{asked[each]}`" if each in asked else "")
                for each in used
            )
    return shown


def _asked_of_azd() -> dict[str, str]:
    """Return the variable of azd behind each parameter that has one."""
    given = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
    found = {name: re.match(r"\$\{(\w+)", each["value"]) for name, each in given.items()}
    return {name: variable[1] for name, variable in found.items() if variable}
