"""The connection to Graph: Microsoft's request adapter with its authentication and middleware.

Import this module late: the SDK behind it takes a third of a second. The bodies are taken as
bytes, because building the SDK's models costs seconds for every page of people.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_http.middleware import RetryHandler, UserAgentHandler
from kiota_http.middleware.options import ResponseHandlerOption, RetryHandlerOption
from msgraph_core import (  # type: ignore[import-untyped]  # has no py.typed
    BaseGraphRequestAdapter,
    GraphClientFactory,
)
from msgraph_core.authentication import (  # type: ignore[import-untyped]
    AzureIdentityAuthenticationProvider,
)
from msgraph_core.middleware import GraphTelemetryHandler  # type: ignore[import-untyped]
from pydantic_core import from_json

from adapters.graph.reply import Reply, lower_names
from adapters.graph.waits import retry_after
from adapters.graph.wire import Wire
from adapters.identity_errors import AWAY, outage_of
from domain.errors import Later, Never

_AGAIN = 10.0
"""Seconds to wait after a broken connection."""


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


class Connection:
    """One pool of connections to one Graph endpoint; `refused` is told of what is tried again."""

    def __init__(
        self,
        endpoint: str,
        credential: AsyncTokenCredential,
        tries: int,
        patience: float,
        refused: Callable[[Reply], None] | None = None,
    ) -> None:
        # The SDK's transport does not close what it wraps, so the pool is kept here and closed.
        self._pool = Wire()
        retries = ShortRetries(tries, patience, refused)
        middleware = [retries, UserAgentHandler(), GraphTelemetryHandler()]
        self._http = GraphClientFactory.create_with_custom_middleware(
            middleware, client=httpx.AsyncClient(transport=self._pool)
        )
        parts = urlsplit(endpoint)
        authentication = AzureIdentityAuthenticationProvider(
            credential,
            scopes=[f"{parts.scheme}://{parts.netloc}/.default"],
            allowed_hosts=[parts.hostname or ""],
        )
        self._adapter = BaseGraphRequestAdapter(authentication, http_client=self._http)

    async def send(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        *,
        parse: bool = True,
    ) -> Reply:
        """Send one request and return the reply, whatever its status.

        Without `parse` the body of a success stays bytes.

        Raises:
            Later: no whole reply came, or the identity cannot be asked.
            Never: the identity is refused a token.
        """
        request = _request(method, url, body, headers)
        try:
            response = await self._adapter.send_no_response_content_async(request, None)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Later(
                f"The connection to Graph broke: {type(error).__name__}.", _AGAIN
            ) from error
        except ClientAuthenticationError as error:
            raise outage_of(error) or Never(
                f"The app's identity gets no token for Graph: {type(error).__name__}.",
                "Check that the managed identity is assigned, and AZURE_CLIENT_ID where it is set.",
            ) from error
        except AzureError as error:
            raise Later(f"No token for Graph now: {type(error).__name__}.", AWAY) from error
        headers = lower_names(response.headers)
        raw = response.is_success and not parse
        return Reply(response.status_code, headers, response.content if raw else _parsed(response))

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()
        await self._pool.aclose()


def _request(
    method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
) -> RequestInformation:
    request = RequestInformation(Method(method))
    request.url = url
    request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
    for name, value in headers.items():
        request.headers.add(name, value)
    if body is not None:
        request.set_stream_content(json.dumps(body).encode(), "application/json")
    return request


def _parsed(response: httpx.Response) -> Any:
    if not response.content:
        return None
    try:
        return from_json(response.content)
    except ValueError as error:
        if response.is_success:
            raise Later("Graph's reply is no whole JSON document.", _AGAIN) from error
        return None  # an error page of something between Graph and us
