"""Graph's `$batch`: up to 20 requests in one, each answered for itself (docs: json-batching)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.graph.client import BATCH, GraphClient
from adapters.graph.concurrency import chunks, each
from adapters.graph.errors import error_of
from adapters.graph.pace.quota import Cost, cost_of_request
from adapters.graph.priority import Priority
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

    @property
    def cost(self) -> Cost:
        """What it takes of the write quota."""
        return cost_of_request(self.method, self.path, self.body)


async def post(
    client: GraphClient,
    calls: Sequence[Call],
    permission: str,
    *,
    priority: Priority = Priority.NORMAL,
    room: bool = False,
) -> list[Reply]:
    """Post one batch and return the replies in the order of the calls.

    A call that Graph left unanswered counts as answered with 503.

    Args:
        client: sends it.
        calls: at most twenty.
        permission: what the calls need, to be named where it is missing.
        priority: of the batch and of each call.
        room: see `GraphClient.send`.

    Raises:
        NoRoom: the write quota has no room, and waiting for it here would take too long.
        Later: the batch itself cannot be answered now.
        Never: Graph refuses the batch itself.
    """
    requests = [_request(str(number), call, priority) for number, call in enumerate(calls)]
    body = {"requests": requests}
    outer = await client.send("POST", BATCH, body, priority=priority, room=room)
    if not outer.ok:
        raise error_of(outer, permission)
    answers = _replies(outer)
    replies = [answers.get(request["id"], _unanswered()) for request in requests]
    costs = (call.cost for call in calls)
    await client.note(list(zip(costs, replies, strict=True)))
    return replies


async def post_all(
    client: GraphClient,
    calls: Sequence[Call],
    permission: str,
    *,
    priority: Priority = Priority.NORMAL,
) -> list[Reply]:
    """Post any number of calls in as many batches as it takes, a few at once."""

    async def one(part: Sequence[Call]) -> list[Reply]:
        return await post(client, part, permission, priority=priority)

    batches = await each(one, chunks(calls, MOST))
    return [reply for replies in batches for reply in replies]


def _request(number: str, call: Call, priority: Priority) -> dict[str, Any]:
    request: dict[str, Any] = {"id": number, "method": call.method, "url": call.path}
    headers = {**(_JSON if call.body is not None else {}), **priority.headers}
    if headers:
        request["headers"] = headers
    return request if call.body is None else request | {"body": call.body}


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
