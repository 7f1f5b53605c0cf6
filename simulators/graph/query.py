"""OData query options of one request, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from simulators.graph import errors
from simulators.graph.wire import Request

DEFAULT_PAGE = 100
LARGEST_PAGE = 999
UNSUPPORTED = ("$skip", "$search")


@dataclass(frozen=True, slots=True)
class Options:
    """What the client asked of a collection or an object.

    `expand` has for each relation the properties selected of its objects, none for the default.
    """

    select: tuple[str, ...]
    expand: dict[str, tuple[str, ...]]
    filter: str | None
    top: int
    count: bool
    skiptoken: str | None
    advanced: bool


def options(request: Request) -> Options:
    """Return the query options; raise the 400 for those a directory does not have."""
    query = request.query
    for name in UNSUPPORTED:
        if name in query:
            raise errors.unsupported_query(f"'{name}' is not supported by the service.")
    select = _names(query.get("$select"))
    eventual = request.consistency_eventual
    count = query.get("$count", "").lower() == "true" and eventual
    if "$orderby" in query and not count:
        raise errors.needs_advanced_query("$orderby")
    return Options(
        select=select,
        expand=_expanded(query.get("$expand")),
        filter=query.get("$filter") or None,
        top=_top(query),
        count=count,
        skiptoken=query.get("$skiptoken"),
        advanced=count,
    )


def next_link(request: Request, token: str) -> str:
    """Return the absolute address of the next page: the same query with another token."""
    kept = {name: value for name, value in request.query.items() if name != "$skiptoken"}
    parts = [f"{name}={quote(value, safe='(),:/$')}" for name, value in kept.items()]
    return f"{request.base_url}{request.path}?{'&'.join([*parts, f'$skiptoken={token}'])}"


def _names(text: str | None) -> tuple[str, ...]:
    """Split a list on commas outside parentheses; `a($select=b)` is named a."""
    if not text:
        return ()
    return tuple(dict.fromkeys(part.strip().split("(")[0] for part in _split(text)))


def _expanded(text: str | None) -> dict[str, tuple[str, ...]]:
    """Return relations with what is selected of each: `a($levels=1;$select=b,c)` is a: b, c."""
    found = {}
    for part in _split(text) if text else ():
        name, _, inner = part.strip().removesuffix(")").partition("(")
        nested = dict(option.split("=", 1) for option in inner.split(";") if "=" in option)
        found[name] = _names(nested.get("$select"))
    return found


def _split(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _top(query: Mapping[str, str]) -> int:
    text = query.get("$top")
    if text is None:
        return DEFAULT_PAGE
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_PAGE:
        raise errors.invalid_top()
    return int(text)
