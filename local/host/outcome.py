"""What became of one invocation, in plain Python."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class HttpReply:
    """The response an HTTP function gave, before any server touches it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    # RpcHttpCookie messages: name, value, and what Set-Cookie said beside them.
    cookies: tuple[Any, ...] = ()

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.body.decode()

    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended: what it returned, or `error` ("ValueError: why") and `traceback`."""

    function: str
    invocation_id: str
    returned: Any = None
    outputs: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    traceback: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the function returned rather than raised or ran out of time."""
        return not self.error

    @property
    def http(self) -> HttpReply:
        """The HTTP response; 204 for a function with nothing to say, 500 for one that failed."""
        if self.error:
            return HttpReply(500)
        answer = next((o for o in self.outputs.values() if isinstance(o, HttpReply)), self.returned)
        if isinstance(answer, HttpReply):
            return answer
        if answer is None:
            return HttpReply(204)
        body = answer if isinstance(answer, bytes) else str(answer).encode()
        return HttpReply(200, body, {"content-type": "text/plain; charset=utf-8"})


def plain(data: Any) -> Any:
    """Return a TypedData's Python value: str, bytes, number, parsed JSON, HttpReply or None."""
    kind = data.WhichOneof("data")
    if kind is None:
        return None
    if kind == "json":
        return json.loads(data.json)
    if kind == "http":
        return _http_reply(data.http)
    return getattr(data, kind)


def _http_reply(http: Any) -> HttpReply:
    body = plain(http.body)
    if not isinstance(body, bytes):
        body = b"" if body is None else str(body).encode()
    return HttpReply(int(http.status_code or 200), body, dict(http.headers), tuple(http.cookies))
