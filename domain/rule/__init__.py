"""Rules: conditions on people in Entra's own dynamic-membership language (docs/rules.md)."""

from domain.rule.explain import Clause
from domain.rule.parse import parse_rule
from domain.rule.rule import Rule
from domain.rule.view import View

__all__ = ["Clause", "Rule", "View", "parse_rule"]
