"""A parsed rule: a tree of conditions, each answered for all people at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.people import Mask, People, Value


class Node(Protocol):
    """One condition."""

    def of(self, people: People) -> Mask:
        """Return which people meet the condition."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """One attribute compared with one constant."""

    attribute: str
    test: Callable[[Value], bool]

    def of(self, people: People) -> Mask:
        """Ask each distinct value once."""
        return people.columns[self.attribute].where(self.test)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    inner: Node

    def of(self, people: People) -> Mask:
        """Everyone who does not meet the inner condition."""
        return ~self.inner.of(people)


@dataclass(frozen=True, slots=True)
class Both:
    """Two conditions that must both hold."""

    left: Node
    right: Node

    def of(self, people: People) -> Mask:
        """Those who meet both."""
        return self.left.of(people) & self.right.of(people)


@dataclass(frozen=True, slots=True)
class Either:
    """Two conditions of which one must hold."""

    left: Node
    right: Node

    def of(self, people: People) -> Mask:
        """Those who meet one or the other."""
        return self.left.of(people) | self.right.of(people)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and the text it was parsed from."""

    text: str
    node: Node

    def of(self, people: People) -> Mask:
        """Return which people meet the rule."""
        return self.node.of(people)
