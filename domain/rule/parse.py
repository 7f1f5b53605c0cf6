"""Parse the text of a rule; every refusal names the position and what was expected there."""

from functools import lru_cache

from domain.errors import RuleError
from domain.rule.build import build
from domain.rule.rule import Rule

MAX_LENGTH = 3072
"""Characters; the limit Entra sets on a rule (Entra docs: groups-dynamic-membership)."""


@lru_cache(maxsize=2048)
def parse_rule(text: str) -> Rule:
    """Parse a rule in Entra's dynamic-membership language.

    Raises:
        RuleError: the text is not such a rule; the message shows where, with a caret.
    """
    if len(text) > MAX_LENGTH:
        reason = f"The rule has {len(text)} characters; Entra allows {MAX_LENGTH}."
        raise RuleError(reason, text, MAX_LENGTH)
    return Rule(text, build(text))
