"""The grammar of rules, and what to say where a text does not follow it.

What surrounds a condition is settled here; whether operator, attribute and value fit together is
settled by those who read the tree, because they can say it in a better sentence.
"""

from functools import cache
from typing import Any, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from domain.errors import RuleError
from domain.rule.advice import operator_meant, round_list

_GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: inverse (_AND inverse)*
?inverse: _NOT inverse -> inverse | condition
?condition: "(" either ")" | comparison | quantified | reports
comparison: NAME OPERATOR (value | list)
quantified: NAME QUANTIFIER "(" either ")"
reports: REPORTS STRING
value: STRING | CONSTANT | DATE | NUMBER | moment | WORD
moment: NOW [SHIFT DURATION] | "(" NOW [SHIFT DURATION] ")"
list: LSQB [value ("," value)*] "]"

_AND.9: /HYPHEN?and\b/i
_OR.9: /HYPHEN?or\b/i
_NOT.9: /HYPHEN?not\b/i
QUANTIFIER.8: /HYPHEN?(any|all)\b/i
OPERATOR.7: /HYPHEN?(eq|ne|le|ge|(not)?(in|startsWith|endsWith|contains|match))\b/i
REPORTS.9: /direct\s+reports\s+for\b/i
NAME.5: /[a-z]\w*(\.\w+)+|_(?!\w)/i
STRING: /"(`"|""|`(?!")|[^"`])*"|'(''|[^'])*'|\u201c[^\u201d]*\u201d|\u2018[^\u2019]*\u2019/s
CONSTANT.6: /\$?(true|false|null)(?!\w)/i
NOW.7: /system\.now(?!\w)/i
SHIFT: /HYPHEN?(plus|minus)\b/i
DURATION: /[\w.]+/
DATE.6: /\d{4}-\d\d-\d\d[\w:.,+-]*/
NUMBER.5: /[+-]?\d+(\.\d+)?(?![\w.-])/
WORD.-1: /[^\s"'\u201c\u201d\u2018\u2019()\[\],]+/
LSQB: "["
%ignore /[\s\ufeff\u200b]+/
""".replace("HYPHEN", r"[-\u2010-\u2015\u2212]")

_QUOTES = ('"', "'", "\u201c", "\u2018")
_EXPECTED = {
    "NAME": "a property such as user.department",
    "REPORTS": 'Direct Reports for "…"',
    "_NOT": "-not",
    "LPAR": '"("',
    "OPERATOR": (
        "an operator: -eq -ne -in -notIn -startsWith -notStartsWith -endsWith -notEndsWith"
        " -contains -notContains -match -notMatch -le -ge"
    ),
    "QUANTIFIER": "-any or -all",
    "STRING": "a text in double quotes",
    "CONSTANT": "true, false or null",
    "DATE": "a date",
    "NOW": "system.now",
    "LSQB": 'a list such as ["a", "b"]',
    "SHIFT": "-plus or -minus",
    "DURATION": "a duration such as P7D",
    "COMMA": '","',
    "RSQB": '"]"',
    "RPAR": '")"',
    "_AND": "-and",
    "_OR": "-or",
    "$END": "the end of the rule",
}
"""What may follow, in the words of a message and in the order it names them."""


def read(text: str) -> Tree[Token]:
    """Return the tree of a rule's text; each part knows where it stands.

    Raises:
        RuleError: the text does not follow the grammar.
    """
    try:
        return cast("Tree[Token]", _parser().parse(text))
    except UnexpectedInput as error:
        if (start := round_list(text[: _position(error, text)])) is not None:
            reason = 'Found \'(\', expected a list such as ["a", "b"]: it stands in brackets [ ].'
            raise RuleError(reason, text, start) from None
        raise RuleError(_complaint(error, text), text, _position(error, text)) from None


@cache
def _parser() -> Any:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=True)


def _position(error: UnexpectedInput, text: str) -> int:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(text)
    position = error.pos_in_stream
    return len(text) if position is None else position


def _complaint(error: UnexpectedInput, text: str) -> str:
    names: set[str] = set(getattr(error, "accepts", ()) or getattr(error, "allowed", ()))
    expected = " or ".join(words for name, words in _EXPECTED.items() if name in names)
    found = _found(error, text)
    shown_found = shown(found) if found else "the end of the rule"
    return f"Found {shown_found}, expected {expected}.{_hint(found.lower(), names)}"


def _found(error: UnexpectedInput, text: str) -> str:
    if isinstance(error, UnexpectedToken):
        return str(error.token)
    rest = text[_position(error, text) :].split()
    return rest[0] if rest else ""


def _hint(found: str, names: set[str]) -> str:
    if found[:1] in _QUOTES and "STRING" in names:
        return " Its closing quote is missing."
    if "OPERATOR" in names and found.endswith("not"):
        return " Absence is tested with -eq null or -ne null."
    if "OPERATOR" in names:
        return operator_meant(found)
    if "$END" in names and found.endswith(("plus", "minus")):
        return " One -plus or -minus follows system.now, and no second one."
    return ""


def shown(found: str) -> str:
    """Return a piece of a rule as a message quotes it."""
    return repr(found if len(found) <= 40 else found[:40] + "…")
