"""Parse YAML to nodes, which know their lines, within bounds that no text can break.

libyaml's parser reads the text and PyYAML's composer makes the nodes, so that depth and number can
be counted as they are made. Nothing is constructed here: no tag, no date, no number.
"""

from collections.abc import Iterator

import yaml
from yaml._yaml import CParser
from yaml.composer import Composer
from yaml.resolver import BaseResolver

from domain.errors import BundleError

MAX_CHARACTERS = 1_000_000
"""In one file; a hundred bundles that list 500 people each fit."""
MAX_NODES = 100_000
"""Names, values and lists in one file."""
MAX_DEPTH = 20
"""Of lists and fields in each other; a policy needs six."""


class TooMuch(yaml.YAMLError):
    """The text is YAML and larger, or deeper, than any policy; the line counts from 0."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


class _Nodes(Composer, CParser, BaseResolver):
    """YAML's composer, counting; scalars stay texts."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self._made = 0
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Make one node, unless there are too many or it is too deep."""
        self._made += 1
        self._depth += 1
        if self._made > MAX_NODES or self._depth > MAX_DEPTH:
            what = f"deeper than {MAX_DEPTH} levels"
            if self._made > MAX_NODES:
                what = f"more than {MAX_NODES:,} names and values"
            raise TooMuch(what, _line(self.peek_event()))
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def documents(text: str, source: str) -> list[yaml.Node]:
    """Return the documents of a text, and of lists at its top the items; empty ones are left out.

    Raises:
        BundleError: the text is not YAML, or too large; `source` names it in the message.
    """
    if len(text) > MAX_CHARACTERS:
        sentence = f"The file has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read."
        raise BundleError([f"{source}:1: {sentence}"])
    try:
        return list(_items(text))
    except yaml.YAMLError as error:
        raise BundleError([_not_yaml(error, text, source)]) from None
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise BundleError([f"{source}:{line}: Not UTF-8 text."]) from None


def _items(text: str) -> Iterator[yaml.Node]:
    nodes = _Nodes(text)
    while nodes.check_node():
        node = nodes.get_node()
        if isinstance(node, yaml.SequenceNode):
            yield from node.value
        elif node is not None and node.value != "":
            yield node


def _not_yaml(error: yaml.YAMLError, text: str, source: str) -> str:
    if isinstance(error, TooMuch):
        return f"{source}:{error.line + 1}: Too much for a policy: {error}."
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if not isinstance(error, yaml.MarkedYAMLError) or mark is None:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        return f"{source}:{line}: Not YAML: {getattr(error, 'reason', error)}."
    line = min(mark.line, text.rstrip().count("\n"))  # the end is where the last text is
    here = text.split("\n")[line]
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return f"{source}:{line + 1}: Not YAML: a tab cannot indent. Use spaces."
    return f"{source}:{line + 1}: Not YAML: {error.problem}."


def _line(event: yaml.Event | None) -> int:
    mark = event.start_mark if event else None
    return mark.line if mark else 0
