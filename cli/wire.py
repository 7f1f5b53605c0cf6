"""One HTTP request and its reply. The HTTP library is imported when the first request is made."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cli.address import Address
from cli.errors import Broken, NoAnswer

if TYPE_CHECKING:
    import ssl

CONNECT_S = 15
TOTAL_S = 260
"""Azure's front end gives a function 230 seconds (Functions docs: "Function app timeout")."""

_ERRNO = re.compile(r"Errno (\d+)")
_CANNOT = re.compile(r"Cannot connect to host \S+ ssl:\S+ \[(.*)\]", re.DOTALL)
"""How aiohttp words a failure; what it is stands in the brackets."""


@dataclass(frozen=True)
class Request:
    """One call, below `/api/v1`."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any = None


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case."""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")

    @property
    def retry_after(self) -> str:
        """How long the service asks to wait, or nothing."""
        return self.headers.get("retry-after", "")

    @property
    def location(self) -> str:
        """Where it sends the caller, or nothing."""
        return self.headers.get("location", "")

    def json(self) -> Any:
        """Return what the reply says, or None where that is not JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def send(
    address: Address,
    request: Request,
    headers: Mapping[str, str],
    tls: "ssl.SSLContext | None" = None,
) -> Reply:
    """Send a request and wait for the reply.

    Redirects are not followed: the headers may carry a key that only this address may see.

    Raises:
        Broken: nobody is there, or the whole answer did not come back in time.
        NoAnswer: what is there does not speak HTTP.
    """
    import asyncio

    return asyncio.run(_send(address, request, headers, tls))


async def _send(
    address: Address,
    request: Request,
    headers: Mapping[str, str],
    tls: "ssl.SSLContext | None",
) -> Reply:
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=TOTAL_S, sock_connect=CONNECT_S)
    # A proxy is for the world outside.
    session = aiohttp.ClientSession(timeout=timeout, trust_env=not address.loopback)
    try:
        async with (
            session,
            session.request(
                request.method,
                address.of(request.path),
                params=request.query,
                json=request.body,
                headers=headers,
                allow_redirects=False,
                ssl=tls or True,
            ) as response,
        ):
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, await response.read(), headers)
    except TimeoutError:
        raise Broken(f"{address.url} did not answer in time. Try again later.") from None
    except aiohttp.ClientConnectorError as error:
        raise Broken(_nobody(address, error)) from None
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
        raise Broken(f"The answer of {address.url} broke off. Try again later.") from None
    except aiohttp.ClientError as error:
        raise NoAnswer(
            f"{address.url} does not speak HTTP as Seatflow does: {error}. Is the URL right?"
        ) from None


def _nobody(address: Address, error: Exception) -> str:
    why = unreached(error)
    what = f"There is no service at {address.url}: {why}."
    return f"{what} Is `make local` running?" if address.loopback else f"{what} Is the URL right?"


def unreached(error: Exception) -> str:
    """Return why nobody was reached, in words and without what only aiohttp understands."""
    cause = getattr(error, "os_error", None)
    if isinstance(cause, ConnectionError) and cause.errno:
        return os.strerror(cause.errno)
    # A name with several addresses fails with the causes of all of them in one text.
    if found := _ERRNO.search(str(cause)):
        return os.strerror(int(found.group(1)))
    said = getattr(cause, "strerror", None) or _CANNOT.sub(r"\1", str(error))
    return str(said).rstrip(".")
