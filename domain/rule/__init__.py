"""Rules: conditions on people in Entra's own dynamic-membership language."""

from domain.rule.parse import parse_rule
from domain.rule.tree import Rule

__all__ = ["Rule", "parse_rule"]
