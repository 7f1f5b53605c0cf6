"""What each operator means for one value.

Text is compared without regard to letter case (Entra docs: groups-dynamic-membership, "string and
regex operations aren't case sensitive"). A missing value meets no positive operator and every
negative one, as in Entra's sister language for devices.
"""

from collections.abc import Callable, Sequence

from domain.people import Value

type Constant = str | bool | tuple[str, ...] | None
type Test = Callable[[Value], bool]


def equals(constant: Constant) -> Test:
    """-eq: the whole value; -eq null is true of a missing value."""
    if isinstance(constant, str):
        folded = constant.casefold()
        return lambda value: isinstance(value, str) and value.casefold() == folded
    return lambda value: value is constant


def starts_with(constant: Constant) -> Test:
    """-startsWith: the beginning of the text."""
    folded = _text(constant)
    return lambda value: isinstance(value, str) and value.casefold().startswith(folded)


def contains(constant: Constant) -> Test:
    """-contains: a part of the text."""
    folded = _text(constant)
    return lambda value: isinstance(value, str) and folded in value.casefold()


def is_in(constant: Constant) -> Test:
    """-in: equals one of a list."""
    listed: Sequence[str] = constant if isinstance(constant, tuple) else ()
    folded = {item.casefold() for item in listed}
    return lambda value: isinstance(value, str) and value.casefold() in folded


def _text(constant: Constant) -> str:
    return constant.casefold() if isinstance(constant, str) else ""


def _opposite(operator: Callable[[Constant], Test]) -> Callable[[Constant], Test]:
    def negative(constant: Constant) -> Test:
        positive = operator(constant)
        return lambda value: not positive(value)

    return negative


OPERATORS: dict[str, Callable[[Constant], Test]] = {
    "eq": equals,
    "ne": _opposite(equals),
    "in": is_in,
    "notin": _opposite(is_in),
    "startswith": starts_with,
    "notstartswith": _opposite(starts_with),
    "contains": contains,
    "notcontains": _opposite(contains),
}
"""By lower-case name, without the optional hyphen."""
