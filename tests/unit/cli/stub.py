"""A small HTTP server that answers as the admin surface does, and remembers what it was asked."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    value: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    broken: bool = False
    """The connection ends in the middle of the body."""


def errors(*sentences: str, status: int = 400, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer({"errors": list(sentences)}, status, named)


class Stub:
    """Answers by method and path; several answers for one call come in turn, the last one stays."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.certificates: list[str] = []
        """Common names of those that were shown, where the server asks for one."""
        self._answers: dict[tuple[str, str], list[Answer]] = {}

    def answer(self, method: str, path: str, *answers: Any) -> None:
        made = [each if isinstance(each, Answer) else Answer(each) for each in answers]
        self._answers[method, path] = made

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    def reply(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        answers = self._answers.get((asked.method, asked.path))
        if answers is None:
            return errors("There is nothing here.", status=404)
        return answers.pop(0) if len(answers) > 1 else answers[0]


class _Handler(BaseHTTPRequestHandler):
    stub: Stub

    def _reply(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if isinstance(self.connection, ssl.SSLSocket):
            subject: Any = (self.connection.getpeercert() or {})["subject"]
            self.stub.certificates.append(dict(each for (each,) in subject)["commonName"])
        path = unquote(parts.path).removeprefix("/api/v1")
        given = json.loads(body) if body else None
        answer = self.stub.reply(Asked(self.command, path, parts.query, headers, given))
        value = answer.value if isinstance(answer.value, str | bytes) else json.dumps(answer.value)
        text = value if isinstance(value, bytes) else value.encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[: len(text) // 2] if answer.broken else text)

    do_GET = do_PUT = do_POST = do_DELETE = _reply  # noqa: N815 - the names of http.server

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Stub]:
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "https" if tls else "http"
        stub = Stub(f"{scheme}://127.0.0.1:{server.server_address[1]}")
        handler.stub = stub  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()
