"""Say what is wrong with a field: what was expected, what was found, on which line."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.bundle_text.place import Place, Step

_MOMENT = "a day such as 2026-12-31, or a moment such as 2026-12-31T17:00:00Z"
_EXPECTED = {"start": _MOMENT, "until": _MOMENT, "grace": "hours or days such as 36h or 14d"}
_WANTED = {
    "string_type": "a text in quotes",
    "string_too_short": "a text",
    "string_too_long": "at most {max_length} characters",
    "literal_error": "{expected}",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "tuple_type": "a list",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
}
_PATTERNS = {
    "^[0-9a-fA-F]{8}": "an object id (a GUID)",
    "^[a-z0-9]": "lower-case letters, digits and hyphens, 63 characters at most",
    "^[A-Za-z]": "a name of letters, digits and underscores that begins with a letter",
    "^[A-Z]{3}": "three capital letters such as USD",
}


def sentences(
    error: ValidationError, place: Place, model: type[BaseModel], above: tuple[Step, ...] = ()
) -> Iterator[str]:
    """Yield one `file:line: sentence` for each field that is wrong.

    Args:
        above: the path from the document's top to what the model was read from.
    """
    seen = set()
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # its items are wrong, which is said of each
        path = _path(detail, place, above)
        sentence = _sentence(detail, path, model, above)
        if sentence not in seen:
            seen.add(sentence)
            yield f"{place.at(*path)}: {sentence}"


def _path(detail: ErrorDetails, place: Place, above: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the path in the text; pydantic's goes on into the kinds a value might have been."""
    path = (*above, *detail["loc"])
    reached = place.reached(*path)
    return path[: reached + 1] if detail["type"] == "missing" else path[:reached]


def _sentence(
    detail: ErrorDetails, path: tuple[Step, ...], model: type[BaseModel], above: tuple[Step, ...]
) -> str:
    name = _name(path)
    match detail["type"]:
        case "missing":
            return f"The field {name} is missing."
        case "extra_forbidden":
            allowed = _fields(model, path[len(above) : -1])
            near = get_close_matches(str(path[-1]), allowed, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            return f"There is no field {name}.{hint} Allowed here: {', '.join(allowed)}."
        case "value_error":
            said = detail["msg"].removeprefix("Value error, ")
            lead = f"{name}: " if path else ""
            return f"{lead}{said}"
    wanted = _wanted(detail, path, _fields(model, path[len(above) :]))
    return f"{name}: Expected {wanted}, found {_found(detail)}."


def _wanted(detail: ErrorDetails, path: tuple[Step, ...], fields: list[str]) -> str:
    if path and path[-1] in _EXPECTED:
        return _EXPECTED[str(path[-1])]
    context = detail.get("ctx", {})
    if "pattern" in context:
        pattern = str(context["pattern"])
        return next(said for start, said in _PATTERNS.items() if pattern.startswith(start))
    if detail["type"] in ("model_type", "model_attributes_type"):
        return f"fields ({', '.join(fields)})"
    said = _WANTED.get(detail["type"], detail["msg"].removeprefix("Input should be "))
    return said.format_map(context)


def _found(detail: ErrorDetails) -> str:
    found: Any = detail["input"]
    match found:
        case None:
            return "nothing"
        case list() | tuple():
            return f"a list of {len(found)}"
        case dict():
            return "fields"
        case str():
            return json.dumps(found if len(found) <= 40 else f"{found[:40]}…", ensure_ascii=False)
    said = json.dumps(found)
    return said if isinstance(found, bool) else f"the number {said}"


def _name(path: tuple[Step, ...]) -> str:
    """Name a field the way people write it: products[0].sku."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".") or "The document"


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _fields(model: type[BaseModel], path: tuple[Step, ...]) -> list[str]:
    """Name the fields allowed at a path of a model."""
    schema = _schema(model)
    here = schema
    for step in path:
        named = here.get("properties", {})
        inner = here.get("items", {}) if isinstance(step, int) else named.get(step, {})
        here = _resolved(inner, schema)
    return list(here.get("properties", {}))


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a part of the schema refers to; of several kinds, the one with fields."""
    while "$ref" in part:
        part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
    kinds = [_resolved(each, schema) for each in part.get("anyOf", ())]
    return next((kind for kind in kinds if "properties" in kind or "items" in kind), part)
