"""ASP.NET route templates, as httpTrigger has them: which path belongs to which function, and why.

Parameters may be constrained `{id:int}`, optional `{name?}`, defaulted `{page=1}`, mixed with text
`{name}.{ext}`, or catch the rest `{*path}`. Paths match whatever their case. Of two templates that
match, the more literal one wins, segment by segment. Source: ASP.NET Core "Routing", template
precedence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

_PARAMETER = re.compile(r"\{(\*{0,2})(\w+)((?::\w+(?:\([^(){}]*\))?)*)(?:=([^{}?]*))?(\?)?\}")
_CONSTRAINT = re.compile(r":(\w+)(?:\(([^)]*)\))?")

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GUID = re.compile(r"\{?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?", re.IGNORECASE)


def _whole(value: str, bits: int) -> bool:
    return bool(re.fullmatch(r"-?[0-9]{1,19}", value)) and abs(int(value)) < 2 ** (bits - 1)


def _is_whole(value: str) -> bool:
    return _whole(value, 64)


def _number(value: str) -> bool:
    return bool(_NUMBER.fullmatch(value))


def _between(value: str, low: str, high: str = "") -> bool:
    return _whole(value, 64) and int(low) <= int(value) <= int(high or 2**63)


def _length(value: str, low: str, high: str = "") -> bool:
    return int(low) <= len(value) <= int(high or low)


_CHECKS: dict[str, Callable[..., bool]] = {
    "int": lambda value: _whole(value, 32),
    "long": lambda value: _whole(value, 64),
    "guid": lambda value: bool(_GUID.fullmatch(value)),
    "alpha": lambda value: value.isascii() and value.isalpha(),
    "bool": lambda value: value.lower() in ("true", "false"),
    "decimal": _number,
    "double": _number,
    "float": _number,
    "length": _length,
    "minlength": lambda value, low: len(value) >= int(low),
    "maxlength": lambda value, high: len(value) <= int(high),
    "min": lambda value, low: _between(value, low),
    "max": lambda value, high: _between(value, str(-(2**63)), high),
    "range": _between,
    "required": bool,
}
# How many whole numbers a constraint takes in its parentheses; the others take none.
_ARGUMENTS = {"length": (1, 2), "range": (2,), "min": (1,), "max": (1,)}
_ARGUMENTS |= {"minlength": (1,), "maxlength": (1,)}


class BadRouteError(ValueError):
    """A route template that ASP.NET would refuse, or that asks for a constraint we do not know."""


@dataclass(frozen=True)
class _Parameter:
    name: str
    checks: tuple[tuple[str, tuple[str, ...]], ...]
    default: str | None

    def accepts(self, value: str) -> bool:
        return all(_CHECKS[kind](value, *arguments) for kind, arguments in self.checks)


@dataclass(frozen=True)
class Route:
    """A template, compiled. Sort by `precedence`; equal `shape` means the same set of paths."""

    template: str
    pattern: re.Pattern[str]
    parameters: tuple[_Parameter, ...]
    precedence: tuple[int, ...]
    shape: str

    @classmethod
    def read(cls, prefix: str, template: str) -> Self:
        """Compile the template under the app's route prefix. Raises BadRouteError."""
        whole = "/".join(part for part in (prefix, template.strip("/")) if part)
        pattern, parameters, ranks = "", [], []
        for segment in whole.split("/") if whole else []:
            expression, found, rank = _segment(segment)
            pattern += expression
            parameters += found
            ranks.append(rank)
        names = [parameter.name.lower() for parameter in parameters]
        if len(set(names)) < len(names):
            raise BadRouteError(f"the route {template!r} has a parameter twice")
        shape = _PARAMETER.sub(lambda m: f"{{{m[1]}{m[3]}{m[5] or ''}}}", whole).lower()
        compiled = re.compile(pattern + "/?", re.IGNORECASE)
        return cls(whole, compiled, tuple(parameters), tuple(ranks), shape)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the parameters of a path of this route (those present or defaulted), or None."""
        match = self.pattern.fullmatch(path)
        if not match:
            return None
        values: dict[str, str] = {}
        for parameter in self.parameters:
            value = match[parameter.name]
            if value and not parameter.accepts(value):
                return None
            if value or parameter.default is not None:
                values[parameter.name] = value or parameter.default or ""
        return values


def _segment(segment: str) -> tuple[str, list[_Parameter], int]:
    """Return the segment's regular expression, its parameters, and its rank (lower wins)."""
    matches = list(_PARAMETER.finditer(segment))
    rest = _PARAMETER.sub("", segment)
    if "{" in rest or "}" in rest or "?" in rest:
        raise BadRouteError(f"the route segment {segment!r} is not a template ASP.NET would read")
    if not matches:
        return "/" + re.escape(segment), [], 1
    parameters = [_parameter(match) for match in matches]
    if rest or len(matches) > 1:
        return "/" + _mixed(segment), parameters, 2
    stars, name, constraints, default, optional = matches[0].groups()
    if stars:
        return f"(?:/(?P<{name}>.*))?", parameters, 5 if constraints else 6
    expression = f"/(?P<{name}>[^/]+)"
    if optional or default is not None:
        expression = f"(?:{expression})?"
    return expression, parameters, 3 if constraints else 4


def _mixed(segment: str) -> str:
    expression, at = "", 0
    for match in _PARAMETER.finditer(segment):
        expression += re.escape(segment[at : match.start()]) + f"(?P<{match[2]}>[^/]+?)"
        at = match.end()
    return expression + re.escape(segment[at:])


def _parameter(match: re.Match[str]) -> _Parameter:
    checks = []
    for kind, arguments in _CONSTRAINT.findall(match[3]):
        if kind not in _CHECKS:
            known = ", ".join(sorted(_CHECKS))
            raise BadRouteError(
                f"the route constraint {kind!r} is not supported (supported: {known})"
            )
        numbers = tuple(part.strip() for part in arguments.split(",") if part)
        if len(numbers) not in _ARGUMENTS.get(kind, (0,)) or not all(map(_is_whole, numbers)):
            raise BadRouteError(f"the route constraint {kind!r} cannot take {arguments!r}")
        checks.append((kind, numbers))
    return _Parameter(match[2], tuple(checks), match[4])
