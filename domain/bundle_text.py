"""Read bundles from YAML (JSON is YAML too); every complaint has a file, a line and a sentence."""

from collections.abc import Iterable
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.bundle import Bundle
from domain.errors import BundleError


def read_bundles(text: str, source: str) -> list[Bundle]:
    """Read one bundle or several (YAML documents, or a list) from a text.

    Raises:
        BundleError: anything is wrong with any of them; `source` names the text in the message.
    """
    try:
        nodes = [node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node]
    except yaml.YAMLError as error:
        raise BundleError([_not_yaml(error, text, source)]) from None
    bundles: list[Bundle] = []
    problems: list[str] = []
    for node in _documents(nodes):
        try:
            bundles.append(_read(node, source))
        except BundleError as error:
            problems += error.problems
    if not bundles and not problems:
        problems = [f"{source}:1: There is no bundle here."]
    if problems:
        raise BundleError(problems)
    return bundles


def check_together(bundles: Iterable[tuple[str, Bundle]]) -> None:
    """Check what no bundle can see alone: each id and each target is used once.

    Raises:
        BundleError: two bundles share an id or a target; the pairs are (source, bundle).
    """
    seen: dict[str, str] = {}
    problems = []
    for source, bundle in bundles:
        for key in (f"id {bundle.id}", f"target group {bundle.target.group}"):
            if key in seen:
                problems.append(f"{source}:1: The {key} is already used in {seen[key]}.")
            seen.setdefault(key, source)
    if problems:
        raise BundleError(problems)


def _documents(nodes: list[yaml.Node]) -> Iterable[yaml.Node]:
    for node in nodes:
        yield from node.value if isinstance(node, yaml.SequenceNode) else [node]


def _read(node: yaml.Node, source: str) -> Bundle:
    try:
        value: Any = yaml.SafeLoader("").construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        problem = getattr(error, "problem", None) or error
        raise BundleError([f"{source}:{node.start_mark.line + 1}: {problem}."]) from None
    if twice := _twice(node):
        lines = [(key.start_mark.line + 1, key.value) for key in twice]
        raise BundleError([f"{source}:{line}: {name} stands here twice." for line, name in lines])
    if not isinstance(value, dict):
        raise BundleError(
            [f"{source}:{node.start_mark.line + 1}: Expected the fields of a bundle."]
        )
    try:
        return Bundle.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise BundleError([_sentence(node, detail, source) for detail in details]) from None


def _twice(node: yaml.Node) -> list[yaml.Node]:
    """Return every key that stands a second time in its mapping; YAML itself keeps the last."""
    inner = node.value if isinstance(node, yaml.MappingNode | yaml.SequenceNode) else []
    if not isinstance(node, yaml.MappingNode):
        return [key for item in inner for key in _twice(item)]
    seen: set[str] = set()
    found = []
    for key, value in inner:
        if str(key.value) in seen:
            found.append(key)
        seen.add(str(key.value))
        found += _twice(value)
    return found


def _not_yaml(error: yaml.YAMLError, text: str, source: str) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{source}:{error.problem_mark.line + 1}: Not YAML: {error.problem}."
    line = text.count("\n", 0, getattr(error, "position", 0)) + 1
    return f"{source}:{line}: Not YAML: {getattr(error, 'reason', error)}."


def _sentence(node: yaml.Node, detail: ErrorDetails, source: str) -> str:
    path = [part for part in detail["loc"] if isinstance(part, str | int)]
    line = _line(node, path)
    place = ".".join(map(str, path))
    if detail["type"] == "extra_forbidden":
        allowed = ", ".join(_fields(path[:-1]))
        return f"{source}:{line}: There is no field {place}; allowed here: {allowed}."
    if detail["type"] == "missing":
        return f"{source}:{line}: The field {place} is missing."
    message = detail["msg"].removeprefix("Value error, ")
    if "pattern" in detail.get("ctx", {}):
        message = _PATTERNS.get(str(path[-1]), "Expected an object id (a GUID)")
    return f"{source}:{line}: {place}: {message}".rstrip(".") + ("" if "\n" in message else ".")


_PATTERNS = {"id": "Expected lower-case letters, digits and hyphens, 63 characters at most"}


def _line(node: yaml.Node, path: list[str | int]) -> int:
    """Follow a path of keys and indexes as far as it goes; return the line reached, from 1."""
    line = node.start_mark.line
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == part]
            if not found:
                break
            line, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line
    return line + 1


def _fields(path: list[str | int]) -> list[str]:
    """Name the fields allowed at a path of the bundle's schema."""
    schema: Any = Bundle.model_json_schema()
    definitions = schema.get("$defs", {})
    here: Any = schema
    for part in path:
        here = here.get("items", {}) if isinstance(part, int) else here["properties"][part]
        reference = here.get("$ref")
        here = definitions[reference.rsplit("/", 1)[1]] if reference else here
    return list(here.get("properties", {}))
