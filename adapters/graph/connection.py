"""The connection to Graph: Microsoft's request adapter with its authentication and middleware.

Import this module late: the SDK behind it takes a third of a second. The bodies are taken as
bytes, because building the SDK's models costs seconds for every page of people.

Pages of a large tenant are asked for past the adapter, which takes four times as long for each of
them as the wire does. It comes in where the answer is anything but a page: it is given that answer
as its own first, so that what happens next, a wait, another try, a token with more claims, is
its to decide, and nothing is asked twice.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_http.middleware import UserAgentHandler
from kiota_http.middleware.options import ResponseHandlerOption, UserAgentHandlerOption
from msgraph_core import (  # type: ignore[import-untyped]  # has no py.typed
    BaseGraphRequestAdapter,
    GraphClientFactory,
)
from msgraph_core.authentication import (  # type: ignore[import-untyped]
    AzureIdentityAuthenticationProvider,
)
from msgraph_core.middleware import GraphTelemetryHandler  # type: ignore[import-untyped]
from pydantic_core import from_json

from adapters.graph.middleware import Had, HadAlready, ShortRetries
from adapters.graph.reply import Reply, lower_names
from adapters.graph.wire import Answer, Wire
from adapters.identity_errors import AWAY, outage_of
from domain.errors import Later, Never

_AGAIN = 10.0
"""Seconds to wait after a broken connection."""
_AGENT = UserAgentHandlerOption()
_PLAIN = (
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip"),
    ("User-Agent", f"{_AGENT.product_name}/{_AGENT.product_version}"),
)
"""Headers of a request past the adapter, beside its own."""


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
        middleware = [retries, UserAgentHandler(), GraphTelemetryHandler(), HadAlready()]
        self._http = GraphClientFactory.create_with_custom_middleware(
            middleware, client=httpx.AsyncClient(transport=self._pool)
        )
        parts = urlsplit(endpoint)
        authentication = AzureIdentityAuthenticationProvider(
            credential,
            scopes=[f"{parts.scheme}://{parts.netloc}/.default"],
            allowed_hosts=[parts.hostname or ""],
        )
        self._tokens = authentication.access_token_provider
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
        with _translated():
            if not parse and method == "GET":
                return await self._page(url, headers)
            return _reply(await self._sent(_request(method, url, body, headers)), parse=parse)

    async def _page(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Ask for a page past the adapter; whatever else comes is the adapter's to deal with."""
        token = await self._tokens.get_authorization_token(url)
        told = [*_PLAIN, *headers.items(), *([("Authorization", f"Bearer {token}")] * bool(token))]
        answer = await self._pool.ask("GET", url, told)
        body = answer.plain() if 200 <= answer.status < 300 else None
        if body is not None:
            return Reply(answer.status, _names(answer), body)
        request = _request("GET", url, None, headers)
        request.add_request_options([Had(answer)])
        return _reply(await self._sent(request), parse=False)

    async def _sent(self, request: RequestInformation) -> httpx.Response:
        response: httpx.Response = await self._adapter.send_no_response_content_async(request, None)
        return response

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


@contextmanager
def _translated() -> Iterator[None]:
    """Raise what the SDK raises as our own errors."""
    try:
        yield
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise Later(f"The connection to Graph broke: {type(error).__name__}.", _AGAIN) from error
    except ClientAuthenticationError as error:
        raise outage_of(error) or Never(
            f"The app's identity gets no token for Graph: {type(error).__name__}.",
            "Check that the managed identity is assigned, and AZURE_CLIENT_ID where it is set.",
        ) from error
    except AzureError as error:
        raise Later(f"No token for Graph now: {type(error).__name__}.", AWAY) from error


def _reply(response: httpx.Response, *, parse: bool) -> Reply:
    raw = response.is_success and not parse
    body = response.content if raw else _parsed(response)
    return Reply(response.status_code, lower_names(response.headers), body)


def _names(answer: Answer) -> dict[str, str]:
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    return lower_names(dict(pairs))


def _parsed(response: httpx.Response) -> Any:
    if not response.content:
        return None
    try:
        return from_json(response.content)
    except ValueError as error:
        if response.is_success:
            raise Later("Graph's reply is no whole JSON document.", _AGAIN) from error
        return None  # an error page of something between Graph and us
