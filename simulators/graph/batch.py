"""`$batch`: up to 20 requests in one, each throttled, billed and answered by itself.

Graph docs, json-batching.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from multidict import CIMultiDict

from simulators.graph import errors
from simulators.graph.costs import references_in
from simulators.graph.errors import GraphError
from simulators.graph.wire import JsonObject, Request, Response
from simulators.graph.world import World

MOST_ITEMS = 20
FIRST_ERROR = 400

type Answer = Callable[[Request, GraphError | None], Awaitable[Response]]
type Item = tuple[str, list[str], Request]  # id, ids it depends on, request


def batch_of(request: Request) -> list[Item]:
    """Return the items of a batch; raise the 400 for a batch that is malformed as a whole."""
    requests = request.json().get("requests")
    if not isinstance(requests, list) or not requests:
        raise _malformed("Invalid batch payload format.")
    if len(requests) > MOST_ITEMS:
        raise _malformed("Number of batch request steps exceeds the maximum value of 20.")
    items = [_item(document, request) for document in requests]
    ids = [item_id.lower() for item_id, _, _ in items]
    if len(set(ids)) < len(ids):
        raise _malformed("Request ids in a batch must be unique.")
    for _, depends_on, _ in items:
        if not set(map(str.lower, depends_on)) <= set(ids):
            raise _malformed("A request depends on a request that is not in the batch.")
    return items


async def run_batch(world: World, items: list[Item], answer: Answer) -> Response:
    """Answer every item; one whose dependency failed gets 424, too many references 503."""
    responses: list[JsonObject] = []
    failed: set[str] = set()
    references = 0
    for item_id, depends_on, request in items:
        adding = references_in(request) if isinstance(request.body, dict) else 0
        references += adding
        most = world.settings.batch_references
        refusal = None
        if failed.intersection(map(str.lower, depends_on)):
            refusal = errors.failed_dependency()
        elif adding and most and references > most:
            refusal = errors.unavailable()
        response = await answer(request, refusal)
        if response.status >= FIRST_ERROR:
            failed.add(item_id.lower())
        responses.append(_shown(item_id, response))
    if world.settings.batch_shuffle:
        world.rng.shuffle(responses)
    return Response(body={"responses": responses})


def _item(document: Any, outer: Request) -> Item:
    if not isinstance(document, dict):
        raise _malformed("Invalid batch payload format.")
    item_id, method, url = (document.get(name) for name in ("id", "method", "url"))
    if not (isinstance(item_id, str) and isinstance(method, str) and isinstance(url, str)):
        raise _malformed("A request in a batch needs an id, a method and a url.")
    body, headers = document.get("body"), document.get("headers") or {}
    if body is not None and "content-type" not in {name.lower() for name in headers}:
        raise _malformed("A request with a body needs a Content-Type header.")
    parts = urlsplit(url)
    request = Request(
        method=method.upper(),
        path="/" + unquote(parts.path).strip("/"),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=CIMultiDict({"Authorization": outer.headers["Authorization"], **headers}),
        body=body if isinstance(body, dict) else b"",
        base_url=outer.base_url,
        batched=True,
    )
    return item_id, [str(other) for other in document.get("dependsOn") or ()], request


def _shown(item_id: str, response: Response) -> JsonObject:
    headers = {"Cache-Control": "no-cache", **response.headers}
    if response.body is not None:
        headers["Content-Type"] = "application/json"
    return {
        "id": item_id,
        "status": int(response.status),
        "headers": headers,
        "body": response.body,
    }


def _malformed(message: str) -> GraphError:
    return GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", message)
