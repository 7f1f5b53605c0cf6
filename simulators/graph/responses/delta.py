"""Delta queries on the wire: the first call, nextLinks, deltaLinks, and tokens gone stale."""

import re
from typing import Any

from simulators.graph import errors
from simulators.graph.changes import Kind
from simulators.graph.delta_rounds import RELATIONS, Position, Round
from simulators.graph.printed import Value
from simulators.graph.schema import SCHEMAS
from simulators.graph.wire import Request, Response
from simulators.graph.world import World

MOST_IDS = 50
_BY_ID = re.compile(r"id\s+eq\s+'([^']+)'", re.IGNORECASE)


def users_delta(world: World, request: Request) -> Response:
    """GET /users/delta."""
    return _delta(world, request, "users")


def groups_delta(world: World, request: Request) -> Response:
    """GET /groups/delta."""
    return _delta(world, request, "groups")


def _delta(world: World, request: Request, kind: Kind) -> Response:
    query = {name.lower(): value for name, value in request.query.items()}
    if token := query.get("$skiptoken"):
        return _next_page(world, request, token)
    token = query.get("$deltatoken", "")
    if token and token.lower() != "latest":
        return _next_round(world, request, token, kind)
    asked = _first_round(world, query, kind)
    if token:
        return _answer(world, request, asked, [], None)
    return _page(world, request, asked, Position())


def _first_round(world: World, query: dict[str, str], kind: Kind) -> Round:
    for option in ("$expand", "$orderby", "$search"):
        if option in query:
            raise errors.unsupported_query(f"'{option}' is not supported for delta queries.")
    select = tuple(name.strip() for name in query.get("$select", "").split(",") if name.strip())
    SCHEMAS[kind].check(name for name in select if name not in RELATIONS[kind])
    return Round(kind, select, _ids(query.get("$filter", "")), None, world.delta.now())


def _ids(text: str) -> tuple[str, ...]:
    """Return the ids of `id eq 'a' or id eq 'b'`, the only filter there is."""
    if not text:
        return ()
    clauses = [clause.strip() for clause in text.strip("() ").split(" or ")]
    matches = [_BY_ID.fullmatch(clause.strip("() ")) for clause in clauses]
    if len(clauses) > MOST_IDS or not all(matches):
        raise errors.delta_filter_unsupported()
    return tuple(match[1].lower() for match in matches if match)


def _next_page(world: World, request: Request, token: str) -> Response:
    content = world.tokens.read(token, world.settings.page_token_ttl)
    if content is None:
        raise errors.expired_page_token()
    rest = tuple((object_id, start) for object_id, start in content["r"])
    return _page(world, request, _round(content), Position(content["x"], rest, content["e"]))


def _next_round(world: World, request: Request, token: str, kind: Kind) -> Response:
    content = world.tokens.read(token, world.settings.delta_token_ttl)
    if content is None:
        raise _expired(world, request, kind)
    ended = _round(content)
    asked = Round(kind, ended.select, ended.ids, ended.upto, max(world.delta.now(), ended.upto))
    return _page(world, request, asked, Position())


def _expired(world: World, request: Request, kind: Kind) -> errors.GraphError:
    status = world.settings.delta_expired_as
    if status == 410:
        return errors.resync_required(f"{request.base_url}/{kind}/delta?$deltatoken=")
    return errors.sync_state_not_found(status)


def _page(world: World, request: Request, asked: Round, at: Position) -> Response:
    later = asked.since is not None
    minimal = later and "return=minimal" in request.headers.get("Prefer", "").lower()
    page = world.delta.page(asked, at, minimal=minimal)
    return _answer(world, request, asked, page.value, page.next)


def _answer(
    world: World, request: Request, asked: Round, value: Value, following: Position | None
) -> Response:
    names = f"({','.join(asked.select)})" if asked.select else ""
    content: dict[str, Any] = {
        "s": asked.select,
        "i": asked.ids,
        "a": asked.since,
        "u": asked.upto,
        "k": asked.kind,
    }
    link, parameter = "@odata.deltaLink", "$deltatoken"
    if following is not None:
        link, parameter = "@odata.nextLink", "$skiptoken"
        content |= {"x": following.index, "r": following.rest, "e": following.after_empty}
    token = world.tokens.issue(content)
    return Response(
        body={
            "@odata.context": f"{request.base_url}/$metadata#{asked.kind}{names}",
            link: f"{request.base_url}/{asked.kind}/delta?{parameter}={token}",
            "value": value,
        }
    )


def _round(content: dict[str, Any]) -> Round:
    try:
        select, ids = tuple(content["s"]), tuple(content["i"])
        return Round(content["k"], select, ids, content["a"], content["u"])
    except KeyError:
        raise errors.bad_request("Badly formed token.") from None
