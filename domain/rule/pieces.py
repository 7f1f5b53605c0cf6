"""Pieces of a rule as they were written: operators and values, and where each of them stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lark import Token, Tree

from domain.errors import RuleError
from domain.rule.dates import Moment, duration, instant
from domain.rule.grammar import shown


class Is(StrEnum):
    """What a written value is."""

    TEXT = "a text"
    FLAG = "true or false"
    NULL = "null"
    NUMBER = "a number"
    DATE = "a date"
    MOMENT = "a moment"
    WORD = "a word without quotes"
    LIST = "a list"


type Constant = str | bool | Moment | tuple["Written", ...] | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a rule's text."""

    text: str
    rule: str
    at: int

    @property
    def word(self) -> str:
        """The piece as a plain lower-case word, without hyphen."""
        return re.sub(r"^\W", "", self.text).lower()

    def error(self, expected: str) -> RuleError:
        """Return the refusal of this piece; `expected` goes on from what was found."""
        return RuleError(f"Found {shown(self.text)}, {expected}", self.rule, self.at)


@dataclass(frozen=True, slots=True)
class Written(Piece):
    """A value as it was written, and what it stands for."""

    kind: Is
    constant: Constant


def piece(token: Token, rule: str) -> Piece:
    """Return a token as a piece of the rule."""
    return Piece(str(token), rule, token.start_pos or 0)


def written(tree: Tree[Token], rule: str) -> Written:
    """Read a value or a list of values.

    Raises:
        RuleError: a date or a duration is none.
    """
    if tree.data == "list":
        bracket, *values = tree.children
        items = tuple(written(each, rule) for each in values if isinstance(each, Tree))
        at = bracket.start_pos or 0 if isinstance(bracket, Token) else 0
        return Written(rule[at : tree.meta.end_pos], rule, at, Is.LIST, items)
    child = tree.children[0]
    if isinstance(child, Tree):
        return _moment(child, rule)
    kind, constant = _READ[child.type](str(child))
    if kind is Is.DATE and constant is None:
        raise piece(child, rule).error("which is not a date such as 2026-11-22T09:00:00Z.")
    return Written(str(child), rule, child.start_pos or 0, kind, constant)


def dated(text: str) -> Moment | None:
    """Return the fixed moment a text names, if it names one."""
    found = instant(text)
    return Moment(found) if found else None


def _moment(tree: Tree[Token], rule: str) -> Written:
    now, shift, length = (each if isinstance(each, Token) else None for each in tree.children)
    start = now.start_pos or 0 if now else 0
    if shift is None or length is None:
        return Written(rule[start : start + 10], rule, start, Is.MOMENT, Moment(None))
    offset = duration(length)
    if offset is None:
        raise piece(length, rule).error(
            "expected a duration such as P7D or P1DT12H, of a hundred years at most."
        )
    if shift.lower().endswith("minus"):
        offset = -offset
    return Written(rule[start : length.end_pos], rule, start, Is.MOMENT, Moment(None, offset))


def _constant(text: str) -> tuple[Is, Constant]:
    word = text.lower().removeprefix("$")
    return (Is.NULL, None) if word == "null" else (Is.FLAG, word == "true")


_READ: dict[str, Callable[[str], tuple[Is, Constant]]] = {
    "STRING": lambda text: (Is.TEXT, unquote(text)),
    "CONSTANT": _constant,
    "DATE": lambda text: (Is.DATE, dated(text)),
    "NUMBER": lambda text: (Is.NUMBER, text),
    "WORD": lambda text: (Is.WORD, text),
}

_ESCAPES = {'"': re.compile('`"|""|\'\''), "'": re.compile("''|`\"")}


def unquote(text: str) -> str:
    """Return what a quoted text means.

    A double quote is escaped by a backtick or doubled, a single quote is doubled; Microsoft's text
    limits neither form to one kind of outer quotes.
    """
    escapes = _ESCAPES.get(text[0])
    inner = text[1:-1]
    return escapes.sub(lambda found: found.group()[-1], inner) if escapes else inner
