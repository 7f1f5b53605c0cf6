"""A parsed rule as a tree of conditions, each answered for everyone in a scope at once.

Each condition knows its own text, so that a reason can quote it. Every branch is always answered:
an attribute that was not inventoried holds the rule even where the answer would not change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from domain.attributes import MANAGER
from domain.inventory.people import Mask
from domain.rule.cells import Test
from domain.rule.operators import equals
from domain.rule.view import Items, Scope, View


class Node[S](Protocol):
    """One condition on whatever the scope is about."""

    @property
    def text(self) -> str:
        """The condition's own text, without outer parentheses."""
        ...

    def of(self, scope: S) -> Mask:
        """Return who or what in the scope meets the condition."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """One attribute, or field of an item, compared with one constant."""

    text: str
    attribute: str
    test: Test
    timed: bool = False
    """The answer changes as time passes."""

    def of(self, scope: Scope) -> Mask:
        """Those whose value passes the test."""
        return scope.ask(self.attribute, self.test)


@dataclass(frozen=True, slots=True)
class Not[S: Scope]:
    """The opposite of a condition."""

    text: str
    inner: Node[S]

    def of(self, scope: S) -> Mask:
        """All who do not meet the inner condition."""
        return ~self.inner.of(scope.turned())


@dataclass(frozen=True, slots=True)
class Both[S]:
    """Conditions that must all hold."""

    text: str
    parts: tuple[Node[S], ...]

    def of(self, scope: S) -> Mask:
        """Those who meet every part."""
        mask = self.parts[0].of(scope)
        for part in self.parts[1:]:
            mask = mask & part.of(scope)
        return mask


@dataclass(frozen=True, slots=True)
class Either[S]:
    """Conditions of which one must hold."""

    text: str
    parts: tuple[Node[S], ...]

    def of(self, scope: S) -> Mask:
        """Those who meet a part."""
        mask = self.parts[0].of(scope)
        for part in self.parts[1:]:
            mask = mask | part.of(scope)
        return mask


@dataclass(frozen=True, slots=True)
class Quantified:
    """A condition on some item, or on every item, of a collection."""

    text: str
    attribute: str
    every: bool
    condition: Node[Items]

    def of(self, view: View) -> Mask:
        """Those of whose items one (-any) or each (-all; of none, too) meets the condition."""
        column = view.people.column(self.attribute)
        collections = [value if isinstance(value, tuple) else () for value in column.values]
        owner = np.repeat(np.arange(len(collections)), [len(each) for each in collections])
        met = self.condition.of(Items([item for each in collections for item in each], view.now))
        if self.every:
            answers = np.bincount(owner[~met], minlength=len(collections)) == 0
        else:
            answers = np.bincount(owner[met], minlength=len(collections)) > 0
        return np.asarray(answers[column.codes], np.bool_)


@dataclass(frozen=True, slots=True)
class InGroups:
    """Direct membership of any of these groups; nested groups do not count (Entra docs:
    groups-dynamic-rule-member-of)."""

    text: str
    groups: tuple[str, ...]

    def of(self, view: View) -> Mask:
        """The direct members of the groups."""
        mask = np.zeros(len(view.people), np.bool_)
        for group in self.groups:
            mask[view.memberships.direct(group)] = True
        return mask


@dataclass(frozen=True, slots=True)
class DirectReports:
    """The people who report directly to one manager, and the manager (Entra docs:
    groups-dynamic-membership, "create a direct reports rule")."""

    text: str
    manager: str

    def of(self, view: View) -> Mask:
        """The reports, and the manager herself."""
        is_it = equals(self.manager)
        return view.ask(MANAGER, is_it) | view.ask("objectId", is_it)


def walk(node: Node[View]) -> Iterator[Node[View]]:
    """Yield the node and all conditions on people below it."""
    yield node
    match node:
        case Not(inner=inner):
            yield from walk(inner)
        case Both(parts=parts) | Either(parts=parts):
            for part in parts:
                yield from walk(part)
        case _:
            pass
