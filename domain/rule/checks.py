"""Which operators and values fit which kind of attribute; what does not is a refusal in words.

Everything is checked when a rule is parsed, also in a branch that evaluation might never need.
"""

from domain.rule.cells import Test
from domain.rule.dates import Moment, is_at, is_from, is_until
from domain.rule.operators import (
    EQUALITY,
    OPERATORS,
    Operator,
    Takes,
    is_flag,
    is_missing,
    matches,
    opposite,
)
from domain.rule.patterns import compile_pattern
from domain.rule.pieces import Is, Piece, Written, dated

_FLAGS = {"true": True, "false": False}
_TEXT = "a text in double quotes"


def text_test(name: str, operator: Piece, value: Written, *, loose: bool = False) -> Test:
    """Return the test of a comparison with a text.

    Args:
        loose: the attribute may hold a number or a flag, so these need no quotes.
    """
    found = OPERATORS.get(operator.word)
    if found is None:
        raise operator.error(f"which compares dates, but {name} is a text.")
    test = _positive_test(found, operator, value, loose=loose)
    return opposite(test) if found.negative else test


def flag_test(name: str, operator: Piece, value: Written) -> Test:
    """Return the test of a comparison with true, false or null; true and false may be quoted."""
    if operator.word not in EQUALITY:
        raise operator.error(f"expected -eq or -ne: {name} is true or false.")
    test: Test = is_missing if value.kind is Is.NULL else is_flag(_flag_of(name, value))
    return opposite(test) if EQUALITY[operator.word] else test


def date_test(name: str, operator: Piece, value: Written) -> Test:
    """Return the test of a comparison with a date, with system.now or with null."""
    if operator.word in ("le", "ge"):
        _refuse_null(operator, value)
        moment = _moment_of(name, value)
        return is_until(moment) if operator.word == "le" else is_from(moment)
    if operator.word not in EQUALITY:
        raise operator.error(f"expected -eq, -ne, -le or -ge: {name} is a date.")
    if value.kind is Is.MOMENT:
        raise value.error("expected a fixed date: system.now is compared with -le or -ge.")
    test: Test = is_missing if value.kind is Is.NULL else is_at(_moment_of(name, value))
    return opposite(test) if EQUALITY[operator.word] else test


def texts_of(value: Written, *, loose: bool = False) -> tuple[str, ...]:
    """Return the texts of a list, of which there must be one at least."""
    if not isinstance(value.constant, tuple):
        raise value.error('expected a list such as ["a", "b"]: -in and -notIn compare with a list.')
    if not value.constant:
        raise value.error("expected a list with at least one text in it.")
    return tuple(_text_of(each, loose=loose) for each in value.constant)


def _positive_test(found: Operator, operator: Piece, value: Written, *, loose: bool) -> Test:
    if value.kind is Is.NULL:
        _refuse_null(operator, value)
        return is_missing
    match found.takes:
        case Takes.LIST:
            return found.test(texts_of(value, loose=loose))
        case Takes.PATTERN:
            return _pattern_test(value)
        case _:
            return found.test(_text_of(value, loose=loose and operator.word in EQUALITY))


def _text_of(value: Written, *, loose: bool = False) -> str:
    if value.kind is Is.TEXT or (loose and value.kind in (Is.NUMBER, Is.FLAG)):
        return str(value.constant)
    match value.kind:
        case Is.LIST:
            reason = ": only -in and -notIn compare with a list."
        case Is.NULL:
            reason = ": null is compared with -eq or -ne."
        case Is.MOMENT:
            reason = ": only dates are compared with system.now."
        case _:
            reason = f': write "{value.text}".'
    raise value.error(f"expected {_TEXT}{reason}")


def _refuse_null(operator: Piece, value: Written) -> None:
    if value.kind is Is.NULL and operator.word not in EQUALITY:
        raise value.error(f"which is compared with -eq or -ne, not with {operator.text}.")


def _pattern_test(value: Written) -> Test:
    try:
        return matches(compile_pattern(_text_of(value)))
    except ValueError as error:
        raise value.error(f"expected a regular expression: {error}") from None


def _flag_of(name: str, value: Written) -> bool:
    constant = value.constant
    if value.kind is Is.TEXT:
        constant = _FLAGS.get(str(constant).lower())
    if not isinstance(constant, bool):
        raise value.error(f"expected true, false or null: {name} is true or false.")
    return constant


def _moment_of(name: str, value: Written) -> Moment:
    found = value.constant if value.kind in (Is.DATE, Is.MOMENT) else None
    if value.kind is Is.TEXT:
        found = dated(str(value.constant))
    if not isinstance(found, Moment):
        raise value.error(f"expected a date such as 2026-11-22T09:00:00Z: {name} is a date.")
    return found
