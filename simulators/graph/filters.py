"""`$filter` as a client of licensing uses it: parsed into a test on one object.

Understood: eq ne ge gt le lt, `in (...)`, and or not, startswith, endsWith, contains-free lambdas
`collection/any(x:x/field eq value)` and `x eq value`. Anything else is the 400 that Graph gives.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulators.graph import errors
from simulators.graph.schema import Schema
from simulators.graph.wire import JsonObject

type Test = Callable[[JsonObject], bool]

_TOKENS = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<punctuation>[(),:])|(?P<word>[^\s(),:']+(?::[\d:.Z+-]+)?))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "ge": lambda left, right: left is not None and bool(left >= right),
    "gt": lambda left, right: left is not None and bool(left > right),
    "le": lambda left, right: left is not None and bool(left <= right),
    "lt": lambda left, right: left is not None and bool(left < right),
}
MOST_ALTERNATIVES = 15
"""So many values `in` takes; observed."""
_LITERALS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Filter:
    """A test, with what an index can know of it.

    `ids`: nobody else can pass. `sku`: only holders of it can. `advanced`: the operator that
    needs an advanced query. `errors_only`: groups whose members have license errors.
    """

    test: Test
    ids: frozenset[str] | None = None
    sku: str | None = None
    advanced: str | None = None
    license_errors: bool | None = None


def parse_filter(text: str, schema: Schema) -> Filter:
    """Return the filter; raise the 400 for what does not parse or does not exist."""
    parser = _Parser(text, schema)
    result = parser.either()
    parser.end()
    return result


class _Parser:
    """Recursive descent: either = both {or both}, both = one {and one}."""

    def __init__(self, text: str, schema: Schema) -> None:
        self._text = text
        self._schema = schema
        self._tokens = self._split(text)
        self._at = 0

    def _split(self, text: str) -> list[str]:
        tokens, position = [], 0
        text = text.rstrip()
        while position < len(text):
            match = _TOKENS.match(text, position)
            if match is None:
                raise errors.invalid_filter(self._text)
            tokens.append(match[0].strip())
            position = match.end()
        return tokens

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise errors.invalid_filter(self._text)
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise errors.invalid_filter(self._text)

    def end(self) -> None:
        """Raise unless all was read."""
        if self._peek():
            raise errors.invalid_filter(self._text)

    def either(self) -> Filter:
        """Read alternatives."""
        result = self._both()
        while self._peek() == "or":
            self._next()
            result = _or(result, self._both())
        return result

    def _both(self) -> Filter:
        result = self._one()
        while self._peek() == "and":
            self._next()
            result = _and(result, self._one())
        return result

    def _one(self) -> Filter:
        token = self._next()
        if token == "(":
            result = self.either()
            self._expect(")")
            return result
        if token == "not":
            inner = self._one().test
            return Filter(lambda item: not inner(item), advanced="not")
        if token.lower() in {"startswith", "endswith"}:
            return self._text_function(token)
        if token.endswith("/any"):
            return self._any(token.removesuffix("/any"))
        return self._comparison(token)

    def _text_function(self, name: str) -> Filter:
        self._expect("(")
        value_of = self._property(self._next())
        self._expect(",")
        wanted = _fold(_literal(self._next()))
        self._expect(")")
        if name.lower() == "startswith":
            return Filter(lambda item: str(_fold(value_of(item)) or "").startswith(wanted))
        return Filter(
            lambda item: str(_fold(value_of(item)) or "").endswith(wanted), advanced="endsWith"
        )

    def _comparison(self, path: str) -> Filter:
        value_of = self._property(path)
        operator = self._next()
        if operator == "in":
            return self._in(path, value_of)
        if operator not in _COMPARISONS:
            raise errors.invalid_filter(self._text)
        compare = _COMPARISONS[operator]
        if path.endswith("DateTime"):
            return self._compared_moment(value_of, operator)
        wanted = _fold(_literal(self._next()))
        if path == "hasMembersWithLicenseErrors":
            return Filter(lambda _: True, license_errors=bool(wanted) == (operator == "eq"))
        ids = frozenset({str(wanted)}) if (path, operator) == ("id", "eq") else None
        advanced = "ne" if operator == "ne" else None
        return Filter(lambda item: compare(_fold(value_of(item)), wanted), ids, None, advanced)

    def _compared_moment(self, value_of: Callable[[JsonObject], Any], operator: str) -> Filter:
        """Compare moments as moments: they are written with and without fractions of a second."""
        literal = _literal(self._next())
        wanted, compare = _moment(literal), _COMPARISONS[operator]
        if wanted is None and literal is not None:
            raise errors.invalid_filter(self._text)
        advanced = "ne" if operator == "ne" else None
        return Filter(lambda item: compare(_moment(value_of(item)), wanted), advanced=advanced)

    def _in(self, path: str, value_of: Callable[[JsonObject], Any]) -> Filter:
        self._expect("(")
        wanted = {_fold(_literal(self._next()))}
        while self._peek() == ",":
            self._next()
            wanted.add(_fold(_literal(self._next())))
        self._expect(")")
        if len(wanted) > MOST_ALTERNATIVES:
            raise errors.too_many_alternatives(len(wanted), MOST_ALTERNATIVES)
        ids = frozenset(str(value) for value in wanted) if path == "id" else None
        return Filter(lambda item: _fold(value_of(item)) in wanted, ids)

    def _any(self, collection: str) -> Filter:
        self._schema.check([collection])
        self._expect("(")
        variable = self._next()
        self._expect(":")
        path, operator, wanted = self._next(), self._next(), _fold(_literal(self._next()))
        self._expect(")")
        if operator != "eq":
            raise errors.invalid_filter(self._text)
        if path == variable:
            return Filter(lambda item: wanted in map(_fold, item.get(collection, ())))
        name = path.removeprefix(f"{variable}/")
        sku = str(wanted) if (collection, name) == ("assignedLicenses", "skuId") else None
        return Filter(
            lambda item: any(_fold(x.get(name)) == wanted for x in item.get(collection, ())),
            sku=sku,
        )

    def _property(self, path: str) -> Callable[[JsonObject], Any]:
        first, *rest = path.split("/")
        if first != "hasMembersWithLicenseErrors":
            self._schema.check([first])
        if not rest:
            return lambda item: item.get(first)
        if rest == ["$count"]:
            return lambda item: len(item.get(first) or ())
        return lambda item: _inside(item.get(first), rest)


def _and(one: Filter, other: Filter) -> Filter:
    ids = one.ids if other.ids is None else other.ids if one.ids is None else one.ids & other.ids
    failing = one.license_errors if one.license_errors is not None else other.license_errors
    return Filter(
        lambda item: one.test(item) and other.test(item),
        ids,
        one.sku or other.sku,
        one.advanced or other.advanced,
        failing,
    )


def _or(one: Filter, other: Filter) -> Filter:
    ids = one.ids | other.ids if one.ids is not None and other.ids is not None else None
    return Filter(
        lambda item: one.test(item) or other.test(item),
        ids,
        None,
        one.advanced or other.advanced,
    )


def _literal(token: str) -> Any:
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if token in _LITERALS:
        return _LITERALS[token]
    return int(token) if token.lstrip("-").isdecimal() else token


def _inside(value: Any, names: list[str]) -> Any:
    for name in names:
        value = (value or {}).get(name)
    return value


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _fold(value: Any) -> Any:
    """Text compares without case in the directory."""
    return value.lower() if isinstance(value, str) else value
