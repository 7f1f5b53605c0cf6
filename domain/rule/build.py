"""From the tree of a rule's text to conditions; refuses what cannot be combined."""

from lark import Token, Tree

from domain.errors import RuleError
from domain.rule.conditions import Conditions
from domain.rule.grammar import read
from domain.rule.tree import Node
from domain.rule.view import View

DEEPEST = 100
"""Conditions within conditions; deeper ones are a machine's, and would exhaust the stack."""


def build(text: str) -> Node[View]:
    """Return the condition a rule's text stands for.

    Raises:
        RuleError: the text is not a rule.
    """
    tree = read(text)
    _check_depth(tree, text)
    conditions = Conditions(text)
    return conditions.alone(tree) or conditions.join(tree, conditions.of_person)


def _check_depth(tree: Tree[Token], text: str) -> None:
    level = [tree]
    for _ in range(DEEPEST):
        level = [part for each in level for part in each.children if isinstance(part, Tree)]
    if level:
        reason = f"The conditions are nested more than {DEEPEST} deep."
        raise RuleError(reason, text, level[0].meta.start_pos)
