"""Graph's `$batch`: up to 20 requests in one, each answered for itself (docs: json-batching)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.graph.client import GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.deletions import refuse_other_deletions
from adapters.graph.errors import error_of
from adapters.graph.reply import Reply, lower_names
from domain.errors import Later

MOST = 20
_JSON = {"Content-Type": "application/json"}
_AGAIN = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request inside a batch; the path begins below the endpoint."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None


async def post(client: GraphClient, calls: Sequence[Call], permission: str) -> list[Reply]:
    """Post one batch and return the replies in the order of the calls.

    A call that Graph left unanswered counts as answered with 503.

    Raises:
        Later: the batch itself cannot be answered now.
        Never: Graph refuses the batch itself.
    """
    for call in calls:
        refuse_other_deletions(call.method, call.path)
    requests = [_request(str(number), call) for number, call in enumerate(calls)]
    outer = await client.send("POST", "/$batch", {"requests": requests})
    if not outer.ok:
        raise error_of(outer, permission)
    replies = _replies(outer)
    return [replies.get(request["id"], _unanswered()) for request in requests]


async def post_all(client: GraphClient, calls: Sequence[Call], permission: str) -> list[Reply]:
    """Post any number of calls in as many batches as it takes, a few at once."""

    async def one(part: Sequence[Call]) -> list[Reply]:
        return await post(client, part, permission)

    batches = await each(one, chunks(calls, MOST))
    return [reply for replies in batches for reply in replies]


def _request(number: str, call: Call) -> dict[str, Any]:
    request: dict[str, Any] = {"id": number, "method": call.method, "url": call.path}
    return request if call.body is None else request | {"headers": _JSON, "body": call.body}


def _replies(outer: Reply) -> dict[str, Reply]:
    answers = outer.whole().get("responses")
    if not isinstance(answers, list):
        raise Later("Graph answered a batch without responses.", _AGAIN)
    # A Retry-After that is a date is understood by the Date header, which only the batch has.
    shared = {"date": outer.headers["date"]} if "date" in outer.headers else {}
    return {str(answer.get("id")): _reply(answer, shared) for answer in answers}


def _reply(answer: Mapping[str, Any], shared: Mapping[str, str]) -> Reply:
    headers = dict(shared) | lower_names(answer.get("headers") or {})
    return Reply(int(answer.get("status") or 503), headers, answer.get("body"))


def _unanswered() -> Reply:
    error = {"code": "unanswered", "message": "The batch came back without this answer."}
    return Reply(503, {}, {"error": error})
