"""The visitor: somebody signed in on this machine, as whom a tenant is looked at before anything
is deployed.

Each way of signing in is azure-identity's own. Import this module late: that library is slow.
"""

import asyncio
import base64
import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

from azure.core.credentials import AccessToken
from azure.core.exceptions import AzureError
from azure.identity import CredentialUnavailableError, DeviceCodeCredential
from azure.identity.aio import AzureCliCredential, ManagedIdentityCredential

from adapters.clock import SystemClock

type Way = Literal["az-login", "device-code", "managed-identity"]
type Prompt = Callable[[str, str, datetime], None]
"""Takes the page, the code to enter there, and when it expires."""

_EARLY = 300.0
"""Seconds before its end from which on a token is not used any more."""
_SLOWEST = 60
"""Seconds that the Azure CLI may take."""
_NAMES = ("upn", "unique_name", "preferred_username", "app_displayname", "appid")
"""Claims that say who it is, people first."""


class Asks(Protocol):
    """Any asynchronous credential."""

    async def get_token(self, *scopes: str) -> AccessToken:
        """Return a token."""
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...


class Blocks(Protocol):
    """A credential that makes its caller wait."""

    def get_token(self, *scopes: str) -> AccessToken:
        """Return a token."""
        ...


class NotYet(CredentialUnavailableError):
    """Nobody has entered the code yet; the message says where, and which."""


class Visitor:
    """A token credential that keeps its token, and says whose it is."""

    def __init__(self, way: Way, credential: Asks) -> None:
        self._way = way
        self._credential = credential
        self._tokens: dict[tuple[str, ...], AccessToken] = {}
        self._turn = asyncio.Lock()

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return a token, the last one while it is good: `az` takes a second for each.

        Raises:
            ClientAuthenticationError: nobody is signed in, or she is refused.
        """
        async with self._turn:
            token = self._tokens.get(scopes)
            if token is None or token.expires_on - _EARLY < SystemClock().now().timestamp():
                token = self._tokens[scopes] = await self._credential.get_token(*scopes)
            return token

    @property
    def account(self) -> str:
        """How, as whom and where somebody is signed in, as far as her token says it.

        A token is Graph's to read: nothing is decided on what it says here.
        """
        claims = next((claims_of(each.token) for each in self._tokens.values()), {})
        who = next((str(claims[name]) for name in _NAMES if claims.get(name)), "somebody unnamed")
        return f"{self._way} as {who} in the tenant {claims.get('tid', 'that it does not name')}"

    async def close(self) -> None:
        """Close what is open."""
        await self._credential.close()

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class DeviceCode:
    """Signs in whoever enters a code on a page, and is no use until she has.

    What asks for a token meanwhile is refused with page and code, so that they are seen wherever
    somebody looks. The waiting is a thread's, which ends with the process.
    """

    def __init__(self, begin: Callable[[Prompt], Blocks]) -> None:
        self._credential = begin(self._told)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._answer: asyncio.Future[AccessToken] | None = None
        self._prompt: asyncio.Future[str] | None = None

    async def get_token(self, *scopes: str) -> AccessToken:
        """Return a token.

        Raises:
            NotYet: the code was not entered yet.
            ClientAuthenticationError: she is refused, or let the code expire.
        """
        if self._answer is None or self._prompt is None:
            self._ask(scopes)
        assert self._answer is not None and self._prompt is not None  # noqa: PT018
        both: list[asyncio.Future[Any]] = [self._answer, self._prompt]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not self._answer.done():
            raise NotYet(self._prompt.result())
        answer, self._answer = self._answer, None
        return answer.result()

    async def close(self) -> None:
        """Do nothing: a thread that waits for somebody ends with the process."""

    def _ask(self, scopes: tuple[str, ...]) -> None:
        loop = self._loop = asyncio.get_running_loop()
        answer = self._answer = loop.create_future()
        self._prompt = loop.create_future()

        def wait() -> None:
            try:
                token = self._credential.get_token(*scopes)
            except AzureError as error:
                loop.call_soon_threadsafe(answer.set_exception, error)
            else:
                loop.call_soon_threadsafe(answer.set_result, token)

        threading.Thread(target=wait, daemon=True).start()

    def _told(self, page: str, code: str, expires: datetime) -> None:
        assert self._loop is not None and self._prompt is not None  # noqa: PT018 - it was asked for
        sentence = f"To sign in, open {page} and enter the code {code}."
        self._loop.call_soon_threadsafe(self._prompt.set_result, sentence)


def visitor(way: Way, tenant: str | None, application: str | None) -> Visitor:
    """Return who looks at the tenant.

    Args:
        way: how she is signed in.
        tenant: its id or a domain of it; without it the one that the sign-in leads to.
        application: for a device code the id of an app registration of the tenant's own, instead of
            Microsoft's for developers; for a managed identity the client id of a user-assigned one.
    """
    match way:
        case "az-login":
            cli = AzureCliCredential(tenant_id=tenant or "", process_timeout=_SLOWEST)
            return Visitor(way, cli)
        case "managed-identity":
            return Visitor(way, ManagedIdentityCredential(client_id=application))
        case "device-code":
            told: dict[str, Any] = {"tenant_id": tenant} if tenant else {}
            told |= {"client_id": application} if application else {}

            def begin(prompt: Prompt) -> Blocks:
                return DeviceCodeCredential(prompt_callback=prompt, **told)

            return Visitor(way, DeviceCode(begin))


def claims_of(token: str) -> Mapping[str, Any]:
    """Return what a token says, unchecked; nothing where it is not one that can be read."""
    _, _, rest = token.partition(".")
    body = rest.partition(".")[0]
    try:
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
