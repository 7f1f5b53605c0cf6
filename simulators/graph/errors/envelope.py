"""The envelope that every Graph error comes in, and its two most common codes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class GraphError(Exception):
    """An answer that is an error; `inner` replaces parts of the inner error."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        inner: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.inner = dict(inner or {})

    def body(self, date: str, request_id: str, client_request_id: str) -> dict[str, Any]:
        """Return the error envelope every Graph error comes in."""
        inner = {"date": date, "request-id": request_id, "client-request-id": client_request_id}
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": inner | self.inner,
            }
        }


def bad_request(message: str) -> GraphError:
    """400 with the code that covers most mistakes."""
    return GraphError(HTTPStatus.BAD_REQUEST, "Request_BadRequest", message)


def unsupported_query(message: str) -> GraphError:
    """400 for a query the directory will not run."""
    return GraphError(HTTPStatus.BAD_REQUEST, "Request_UnsupportedQuery", message)
