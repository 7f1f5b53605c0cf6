"""Places: which line of which file a field stands on."""

from dataclasses import dataclass

import yaml

type Step = str | int


@dataclass(frozen=True, slots=True)
class Place:
    """A document in a file; without the node it came from, the whole file is one line."""

    source: str
    node: yaml.Node | None = None

    def at(self, *path: Step) -> str:
        """Return `file:line` of the field a path leads to, or of the nearest one around it."""
        return f"{self.source}:{self.line(*path)}"

    def line(self, *path: Step) -> int:
        """Return the line of a field, counted from 1."""
        marks = [node.start_mark.line for node in _along(self.node, path)]
        return marks[-1] + 1 if marks else 1

    def reached(self, *path: Step) -> int:
        """Return how many steps of a path lead somewhere in the document."""
        return max(0, sum(1 for _ in _along(self.node, path)) - 1)


def _along(node: yaml.Node | None, path: tuple[Step, ...]) -> list[yaml.Node]:
    """Return the nodes a path passes: for a field, its name, so that its line is meant."""
    if node is None:
        return []
    passed = [node]
    for step in path:
        named, node = _child(node, step)
        if named is None or node is None:
            break
        passed.append(named)
    return passed


def _child(node: yaml.Node, step: Step) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        found = [pair for pair in node.value if pair[0].value == step]
        return found[-1] if found else (None, None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None, None
