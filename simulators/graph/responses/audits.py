"""The audit log, read: filtered, newest first, in pages.

Graph docs, directoryaudit-list.
"""

from itertools import islice

from simulators.graph import errors
from simulators.graph.filters import Filter, parse_filter
from simulators.graph.query import next_link
from simulators.graph.schema import AUDIT
from simulators.graph.wire import JsonObject, Request, Response
from simulators.graph.world import World

LARGEST_PAGE = 1_000
KNOWN = frozenset({"$filter", "$top", "$orderby", "$skiptoken"})


def list_directory_audits(world: World, request: Request) -> Response:
    """GET /auditLogs/directoryAudits."""
    for name in request.query:
        if name.startswith("$") and name not in KNOWN:
            raise errors.unsupported_query(f"'{name}' is not supported by the service.")
    if request.query.get("$orderby", "activityDateTime desc").lower() != "activitydatetime desc":
        raise errors.unsupported_query("Only '$orderby=activityDateTime desc' is simulated.")
    top = _top(request)
    wanted = _filter(request)
    found = world.audits.newest_first(_start(world, request))
    page = list(islice(((p, entry) for p, entry in found if wanted.test(entry)), top + 1))
    body: JsonObject = {"@odata.context": f"{request.base_url}/$metadata#auditLogs/directoryAudits"}
    if len(page) > top:
        token = world.tokens.issue({"p": page[top][0]})
        body["@odata.nextLink"] = next_link(request, token)
    return Response(body=body | {"value": [entry for _, entry in page[:top]]})


def _top(request: Request) -> int:
    text = request.query.get("$top", str(LARGEST_PAGE))
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_PAGE:
        raise errors.unsupported_query("Invalid page size: must be between 1 and 1000 inclusive.")
    return int(text)


def _filter(request: Request) -> Filter:
    text = request.query.get("$filter")
    return parse_filter(text, AUDIT) if text else Filter(lambda _: True)


def _start(world: World, request: Request) -> int | None:
    token = request.query.get("$skiptoken")
    if token is None:
        return None
    content = world.tokens.read(token, world.settings.page_token_ttl)
    if content is None:
        raise errors.expired_page_token()
    return int(content["p"])
