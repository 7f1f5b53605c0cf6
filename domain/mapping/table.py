"""The table in force: for each attribute its sources, and what of the inventory it needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from domain.mapping.default import ROWS
from domain.mapping.meaning import Source, source_of_path
from domain.mapping.path import read_path

PREFIX = "person."
"""How a rule names a mapped attribute."""


def is_mapped(name: str) -> bool:
    """Tell whether a rule's attribute is one of the mapping, and not one of Entra's own."""
    return name.startswith(PREFIX)


@dataclass(frozen=True)
class Table:
    """The sources of each mapped attribute, in order: the first that has a value counts."""

    sources: Mapping[str, tuple[Source, ...]]
    """By the attribute's name in lower case."""
    names: Mapping[str, str]
    """The same names as they are spelled."""

    def attributes(self, name: str) -> tuple[str, ...]:
        """Return what of the inventory a mapped attribute comes from; empty where from nothing.

        Args:
            name: as a rule has it, with the prefix and in lower case.
        """
        found = self.sources.get(name.removeprefix(PREFIX), ())
        return tuple(dict.fromkeys(each.attribute for each in found if each.attribute))

    def reads(self, names: Iterable[str]) -> frozenset[str]:
        """Return what is to be inventoried for these attributes of rules, mapped or not."""
        return frozenset(
            each
            for name in names
            for each in (self.attributes(name) if is_mapped(name) else (name,))
        )

    def shown(self, name: str) -> str:
        """Return a mapped attribute as it is spelled."""
        plain = name.removeprefix(PREFIX)
        return PREFIX + self.names.get(plain, plain)

    def why_not(self, name: str) -> str:
        """Return why a rule cannot rest on a mapped attribute; empty where it can."""
        if self.attributes(name):
            return ""
        plain = name.removeprefix(PREFIX)
        found = self.sources.get(plain)
        if found is None:
            near = get_close_matches(plain, list(self.names), 1)
            meant = f" Did you mean {PREFIX}{self.names[near[0]]}?" if near else ""
            return f"{name} is not in the attribute mapping.{meant} See docs/mapping.md."
        return f"{self.shown(name)} comes from {found[0].path}. {found[0].because}"

    def with_rows(self, rows: Mapping[str, Sequence[str]]) -> "Table":
        """Return the table with other sources for some attributes; the others stay.

        Raises:
            Never: a path is none, or means nothing.
        """
        sources = {
            name.lower(): tuple(source_of_path(read_path(path)) for path in paths)
            for name, paths in rows.items()
        }
        names = {name.lower(): name for name in rows}
        return Table({**self.sources, **sources}, {**self.names, **names})


@cache
def _default() -> Table:
    rows: dict[str, list[str]] = {}
    for path, name in ROWS:
        rows.setdefault(name, []).append(path)
    return Table({}, {}).with_rows(rows)


DEFAULT = _default()
"""The table where the tenant's policy says nothing."""
