"""Parse the text of a rule; every refusal names the position and what was expected there."""

from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from domain.attributes import KINDS, Kind, canonical
from domain.errors import RuleError
from domain.rule.operators import OPERATORS, Constant
from domain.rule.tree import Both, Comparison, Either, Node, Not, Rule

MAX_LENGTH = 3072
"""Characters; the limit Entra sets on a rule (Entra docs: groups-dynamic-membership)."""

_GRAMMAR = r"""
?rule: either
?either: both | either _OR both
?both: inverse | both _AND inverse
?inverse: _NOT inverse -> inverse | "(" either ")" | comparison
comparison: PROPERTY OPERATOR (constant | list)
constant: STRING | WORD
list: "[" STRING ("," STRING)* "]"

_AND.9: /-?and\b/i
_OR.9: /-?or\b/i
_NOT.9: /-?not\b/i
PROPERTY.8: /user\.\w+/i
OPERATOR.7: /-?(eq|ne|in|notIn|startsWith|notStartsWith|contains|notContains)\b/i
STRING: /"(`.|[^"`])*"/s | /'(''|[^'])*'/s
WORD: /\$?\w+/
%ignore /\s+/
"""

_EXPECTED = {
    "PROPERTY": "a property such as user.department",
    "OPERATOR": "an operator: -eq -ne -in -notIn -startsWith -notStartsWith -contains -notContains",
    "STRING": "a text in double quotes",
    "WORD": "true, false or null",
    "_AND": "-and",
    "_OR": "-or",
    "_NOT": "-not",
    "LPAR": '"("',
    "RPAR": '")"',
    "LSQB": 'a list such as ["a", "b"]',
    "RSQB": '"]"',
    "COMMA": '","',
    "$END": "the end of the rule",
}
_WORDS: dict[str, Constant] = {"true": True, "false": False, "null": None, "$null": None}


def parse_rule(text: str) -> Rule:
    """Parse a rule in Entra's dynamic-membership language.

    Raises:
        RuleError: the text is not such a rule; the message shows where, with a caret.
    """
    if len(text) > MAX_LENGTH:
        reason = f"The rule has {len(text)} characters; Entra allows {MAX_LENGTH}."
        raise RuleError(reason, text, MAX_LENGTH)
    try:
        tree = _parser().parse(text)
        node: Node = _Build(text).transform(tree)
    except UnexpectedInput as error:
        raise RuleError(_complaint(error, text), text, _position(error, text)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, RuleError):
            raise error.orig_exc from None
        raise
    return Rule(text, node)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, start="rule", parser="lalr", lexer="contextual", maybe_placeholders=False)


@v_args(inline=True)
class _Build(Transformer[Token, Any]):
    """Turns the parser's tree into conditions, checking that types fit."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def either(self, left: Node, right: Node) -> Node:
        return Either(left, right)

    def both(self, left: Node, right: Node) -> Node:
        return Both(left, right)

    def inverse(self, inner: Node) -> Node:
        return Not(inner)

    def constant(self, token: Token) -> tuple[Token, Constant]:
        if token.type == "STRING":
            return token, _unquote(token)
        if token.lower() not in _WORDS:
            raise self._error(f"Found {token}, expected a text in double quotes.", token)
        return token, _WORDS[token.lower()]

    def list(self, *tokens: Token) -> tuple[Token, Constant]:
        return tokens[0], tuple(map(_unquote, tokens))

    def comparison(self, name: Token, operator: Token, given: tuple[Token, Constant]) -> Node:
        attribute = canonical(name.removeprefix(name[:5]))
        if attribute is None:
            raise self._error(f"Found {name}, which is not a user property a rule can name.", name)
        token, constant = given
        spelled = operator.lower().lstrip("-")
        if isinstance(constant, tuple) != (spelled in ("in", "notin")):
            raise self._error(
                f"Found {operator} with the wrong kind of value: only -in and -notIn "
                "take a list, and they take nothing else.",
                token,
            )
        if KINDS[attribute] is Kind.FLAG:
            constant = self._flag(attribute, operator, spelled, token, constant)
        else:
            self._check_text(attribute, operator, spelled, token, constant)
        return Comparison(attribute, OPERATORS[spelled](constant))

    def _flag(
        self, attribute: str, operator: Token, spelled: str, token: Token, constant: Constant
    ) -> Constant:
        if spelled not in ("eq", "ne"):
            raise self._error(f"user.{attribute} is true or false: use -eq or -ne.", operator)
        if isinstance(constant, str):
            # Microsoft calls quotes optional for other types than text.
            constant = _WORDS.get(constant.lower(), constant)
        if isinstance(constant, str | tuple):
            raise self._error(f"user.{attribute} is compared with true, false or null.", token)
        return constant

    def _check_text(
        self, attribute: str, operator: Token, spelled: str, token: Token, constant: Constant
    ) -> None:
        if isinstance(constant, bool):
            raise self._error(f"user.{attribute} is a text: put {token} in double quotes.", token)
        if constant is None and spelled not in ("eq", "ne"):
            raise self._error(f"null is compared with -eq or -ne, not with {operator}.", token)

    def _error(self, reason: str, token: Token) -> RuleError:
        return RuleError(reason, self._text, token.start_pos or 0)


def _unquote(token: Token) -> str:
    inner = token[1:-1]
    if token.startswith("'"):
        return inner.replace("''", "'")
    return inner.replace('`"', '"').replace("''", "'")


def _position(error: UnexpectedInput, text: str) -> int:
    position = getattr(error, "pos_in_stream", None)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(text)
    return position if position is not None else len(text)


def _complaint(error: UnexpectedInput, text: str) -> str:
    names = getattr(error, "accepts", None) or getattr(error, "expected", None)
    if isinstance(error, UnexpectedCharacters):
        names = error.allowed
    at = _position(error, text)
    found = repr(text[at:].split()[0]) if text[at:].split() else "the end of the rule"
    expected = " or ".join(sorted(_EXPECTED.get(name, name) for name in names or ()))
    return f"Found {found}, expected {expected}."
