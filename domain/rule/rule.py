"""A rule: its text, what it reads, and whom it means."""

from dataclasses import dataclass
from functools import cached_property

from domain.attributes import MANAGER
from domain.inventory.people import Mask
from domain.rule.explain import Clause, explain
from domain.rule.tree import Comparison, DirectReports, Either, InGroups, Node, Quantified, walk
from domain.rule.view import View


@dataclass(frozen=True)
class Rule:
    """A rule and the condition its text stands for."""

    text: str
    node: Node[View]

    @cached_property
    def attributes(self) -> frozenset[str]:
        """Every attribute the rule reads, by its rule name."""
        return frozenset(name for node in walk(self.node) for name in _attributes(node))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups whose direct members the rule asks for; ids in lower case."""
        found = (node.groups for node in walk(self.node) if isinstance(node, InGroups))
        return tuple(group for groups in found for group in groups)

    @cached_property
    def timed(self) -> bool:
        """Whether people may start or cease to meet the rule by the mere passing of time."""
        return any(isinstance(node, Comparison) and node.timed for node in walk(self.node))

    def of(self, view: View) -> Mask:
        """Return which people meet the rule.

        Raises:
            Held: an attribute or a group was not inventoried, or a pattern takes too long.
        """
        return self.node.of(view)

    def alternatives(self) -> tuple["Rule", ...]:
        """Return the parts that -or joins at the top, each a rule; the rule itself if none."""
        if not isinstance(self.node, Either):
            return (Rule(self.node.text, self.node),)
        parts = (Rule(part.text, part) for part in self.node.parts)
        return tuple(each for part in parts for each in part.alternatives())

    def explain(self, view: View, row: int) -> Clause:
        """Return why the person in a row meets the rule or not.

        Raises:
            Held: as `of`.
        """
        names = sorted(self.attributes)
        return explain(self.node, view.only(row, names, self.groups))


def _attributes(node: Node[View]) -> tuple[str, ...]:
    match node:
        case Comparison(attribute=name) | Quantified(attribute=name):
            return (name,)
        case DirectReports():
            return (MANAGER, "objectId")
        case _:
            return ()
