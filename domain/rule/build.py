"""From the tree of a rule's text to conditions; refuses what cannot be combined."""

import re

from lark import Token, Tree

from domain.errors import RuleError
from domain.rule.conditions import Conditions
from domain.rule.grammar import read
from domain.rule.names import is_member_of, of_person
from domain.rule.pieces import Piece
from domain.rule.tree import Node
from domain.rule.view import View

DEEPEST = 100
"""Conditions within conditions; deeper ones are a machine's, and would exhaust the stack."""

_ASKED_ABOUT = re.compile(
    r"(\buser\.\w+)\s+[-\u2010-\u2015\u2212]?(?:any|all)\s*\([^()]*$", re.IGNORECASE
)
"""An attribute whose question, in parentheses, is not at its end."""


def build(text: str) -> Node[View]:
    """Return the condition a rule's text stands for.

    Raises:
        RuleError: the text is not a rule.
    """
    tree = _read(text)
    _check_depth(tree, text)
    conditions = Conditions(text)
    return conditions.alone(tree) or conditions.join(tree, conditions.of_person)


def _read(text: str) -> Tree[Token]:
    try:
        return read(text)
    except RuleError as error:
        _refuse_unknown(text, error.position)
        raise


def _refuse_unknown(text: str, position: int) -> None:
    """Refuse an attribute that does not exist rather than what is asked about its items."""
    found = _ASKED_ABOUT.search(text[:position])
    if found:
        name = Piece(found.group(1), text, found.start(1))
        if not is_member_of(name):
            of_person(name)


def _check_depth(tree: Tree[Token], text: str) -> None:
    level = [tree]
    for _ in range(DEEPEST):
        level = [part for each in level for part in each.children if isinstance(part, Tree)]
    if level:
        reason = f"The conditions are nested more than {DEEPEST} deep."
        raise RuleError(reason, text, level[0].meta.start_pos)
