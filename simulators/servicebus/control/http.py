"""As much HTTP/1.1 as `curl` and a test need: one request and one JSON answer a connection."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

_MAX_REQUEST = 64 * 1024
_HEAD_END = b"\r\n\r\n"


class HttpError(Exception):
    """An answer other than 200; the text is one sentence."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; `body` is the decoded JSON object, empty when there was none."""

    method: str
    path: str
    body: dict[str, Any]


type Answer = Callable[[HttpRequest], Any]
"""Returns what is to be sent as JSON, or raises HttpError."""


class HttpConnection(asyncio.Protocol):
    """Collects one request, answers it and closes."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer as soon as the request is whole."""
        self._buffer += data
        try:
            request = _read_request(self._buffer)
            if request is None:
                return
            status, content = HTTPStatus.OK, self._answer(request)
        except HttpError as error:
            status, content = error.status, {"error": str(error)}
        self._send(status, json.dumps(content).encode() + b"\n")

    def _send(self, status: HTTPStatus, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        if self._transport is not None:
            self._transport.write(head.encode() + body)
            self._transport.close()


def _read_request(buffer: bytes) -> HttpRequest | None:
    """Return the request once it has arrived; HttpError when it cannot be one."""
    head, separator, rest = buffer.partition(_HEAD_END)
    if len(buffer) > _MAX_REQUEST:
        raise HttpError(HTTPStatus.CONTENT_TOO_LARGE, f"At most {_MAX_REQUEST} bytes are read.")
    if not separator:
        return None
    request_line, *header_lines = head.decode("latin-1").split("\r\n")
    words = request_line.split(" ")
    if len(words) != 3:
        raise HttpError(HTTPStatus.BAD_REQUEST, "The request line is malformed.")
    length = _content_length(header_lines)
    if len(rest) < length:
        return None
    return HttpRequest(words[0], unquote(words[1].partition("?")[0]), _json(rest[:length]))


def _content_length(header_lines: list[str]) -> int:
    for line in header_lines:
        name, _, value = line.partition(":")
        if name.lower() == "content-length" and value.strip().isdecimal():
            return int(value)
    return 0


def _json(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        content = json.loads(body)
    except ValueError as error:
        raise HttpError(HTTPStatus.BAD_REQUEST, f"The body is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise HttpError(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.")
    return content
