"""Turn YAML nodes into plain values, the way JSON and today's YAML (1.2) understand them.

YAML 1.1 reads `no` as false, `12:30` as a number and a day as a date of its own kind; here a value
is a text unless it is a number, true, false or null. Names that stand twice, which YAML lets pass,
are problems.
"""

import re
from typing import Any

import yaml

from domain.bundle_text.nodes import MAX_DEPTH, MAX_NODES
from domain.bundle_text.place import Place

_WORDS: dict[str, bool | None] = {
    word: value
    for name, value in (("true", True), ("false", False), ("null", None))
    for word in (name, name.capitalize(), name.upper())
} | {"": None, "~": None}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}\.[0-9]{0,18})(e[-+]?[0-9]{1,2})?", re.I)
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


class Plain:
    """The plain value of one document, and every problem met on the way to it."""

    def __init__(self, place: Place) -> None:
        self.problems: list[str] = []
        self._source = place.source
        self._made = 0
        self._stopped = False
        self.value = self._plain(place.node, 0) if place.node else None

    def _plain(self, node: yaml.Node, depth: int) -> Any:
        """Convert a node; what an alias repeats counts each time, so nothing grows unbounded."""
        self._made += 1
        if self._made > MAX_NODES or depth > MAX_DEPTH:
            return self._stop(node)
        if node.tag not in _TAGS:
            self._complain(node, f"A tag such as {_short(node.tag)} has no place here.")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._fields(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, depth + 1) for item in node.value if not self._stopped]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _fields(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, value in node.value:
            if self._stopped:
                break
            if not isinstance(name, yaml.ScalarNode):
                self._complain(name, "Expected the name of a field.")
                continue
            if name.value in fields:
                self._complain(name, f"{_short(name.value)} stands here twice.")
            fields[name.value] = self._plain(value, depth + 1)
        return fields

    def _stop(self, node: yaml.Node) -> None:
        if not self._stopped:
            self._complain(node, "An alias (*) repeats itself, or too much, here.")
        self._stopped = True

    def _complain(self, node: yaml.Node, sentence: str) -> None:
        self.problems.append(f"{self._source}:{node.start_mark.line + 1}: {sentence}")


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _short(text: str) -> str:
    text = text.replace("tag:yaml.org,2002:", "!!")
    return text if len(text) <= 40 else f"{text[:40]}…"
