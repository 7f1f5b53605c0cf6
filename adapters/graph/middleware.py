"""What stands between Microsoft's request adapter and the wire: patience, and answers had already.

Like `connection`, import this module late.
"""

from collections.abc import Callable

import httpx
from kiota_abstractions.request_option import RequestOption
from kiota_http.middleware import RetryHandler
from kiota_http.middleware.middleware import REQUEST_OPTIONS_KEY, BaseMiddleware
from kiota_http.middleware.options import RetryHandlerOption

from adapters.graph.reply import Reply, lower_names
from adapters.graph.waits import retry_after
from adapters.graph.wire import Answer


class Had(RequestOption):
    """The answer that a request has had already; it is taken once."""

    def __init__(self, answer: Answer) -> None:
        self._answers = [answer]

    @staticmethod
    def get_key() -> str:
        """The name of this option."""
        return "Had"

    def take(self) -> Answer | None:
        """Return the answer, the first time."""
        return self._answers.pop() if self._answers else None


class HadAlready(BaseMiddleware):
    """Last of the middleware: gives the answer that was had, and sends what comes after it."""

    async def send(
        self, request: httpx.Request, transport: httpx.AsyncBaseTransport
    ) -> httpx.Response:
        """Answer a request."""
        had = (request.extensions.get(REQUEST_OPTIONS_KEY) or {}).get(Had.get_key())
        answer = had.take() if had else None
        return answer.to(request) if answer else await super().send(request, transport)


class ShortRetries(RetryHandler):
    """Microsoft's retry handler, but one that never sleeps long: the queue waits better.

    Its parser of Retry-After does not know fractions, which Graph's own documentation shows, so
    the wait is computed here.
    """

    def __init__(
        self, tries: int, patience: float, refused: Callable[[Reply], None] | None
    ) -> None:
        super().__init__(RetryHandlerOption(max_retries=tries - 1))
        self._patience = patience
        self._refused = refused

    def should_retry(
        self, request: httpx.Request, options: RetryHandlerOption, response: httpx.Response
    ) -> bool:
        """Retry only when Graph asks for no longer a wait than we have patience for."""
        headers = lower_names(response.headers)
        asked = retry_after(headers) or 0.0
        again = asked <= self._patience and super().should_retry(request, options, response)
        if again and self._refused:
            self._refused(Reply(response.status_code, headers))
        return again

    def get_delay_time(
        self, retry_count: int, response: httpx.Response | None = None, delay: float = 0.0
    ) -> float:
        """Wait as long as Graph asks; where it does not, half a second, doubled every time."""
        asked = retry_after(lower_names(response.headers)) if response is not None else None
        return min(0.5 * 2**retry_count, self._patience) if asked is None else asked
