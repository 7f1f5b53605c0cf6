"""The one client everything here talks to Graph with."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from adapters.graph.deletions import refuse_other_deletions
from adapters.graph.dry_run import refuse_writes
from adapters.graph.errors import error_of
from adapters.graph.reply import Reply
from domain.errors import Never

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from adapters.graph.connection import Connection


class GraphClient:
    """Sends requests to one Graph endpoint with one identity; connects when first used.

    `patience` is the longest single wait in seconds, and `tries` the number of attempts, before
    a throttled or unavailable Graph is left to the caller to wait for. With `dry_run` whatever
    could change the tenant is refused before it leaves; see `dry_run.refuse_writes`.
    """

    def __init__(
        self,
        endpoint: str,
        credential: "AsyncTokenCredential",
        *,
        tries: int = 3,
        patience: float = 5.0,
        dry_run: bool = False,
    ) -> None:
        self.endpoint = endpoint
        self._credential = credential
        self._tries = tries
        self._patience = patience
        self._dry_run = dry_run
        self._connection: Connection | None = None

    async def send(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request and return the reply, whatever its status.

        Args:
            method: GET, POST, PATCH or DELETE.
            url: a path below the endpoint, or a link that Graph gave.
            body: sent as JSON.
            headers: beside those that every request has.

        Raises:
            Later: no whole reply came.
            Never: the identity gets no token, the link leads away from Graph, or it is a write
                in a dry run.
        """
        refuse_other_deletions(method, url)
        if self._dry_run:
            refuse_writes(method, url, body)
        return await self._connected().send(method, self._address(url), body, headers or {})

    async def ask(
        self, method: str, url: str, permission: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """Send one request and return the body of its success, empty where there is none.

        Raises:
            Later: Graph cannot answer now.
            Forbidden: the identity lacks `permission`.
            Never: Graph refuses for another reason.
        """
        reply = await self.send(method, url, body)
        if not reply.ok:
            raise error_of(reply, permission)
        return reply.body if isinstance(reply.body, Mapping) else {}

    def is_ours(self, link: str) -> bool:
        """Tell whether a link leads to this client's Graph; no token is sent anywhere else."""
        return urlsplit(link)[:2] == urlsplit(self.endpoint)[:2]

    async def close(self) -> None:
        """Close every connection; the client may be used again."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    def _address(self, url: str) -> str:
        if url.startswith("/"):
            return self.endpoint + url
        if not self.is_ours(url):
            raise Never(f"Graph gave a link that leads to {urlsplit(url).hostname}.")
        return url

    def _connected(self) -> "Connection":
        if self._connection is None:
            # The SDK behind this import is slow to load; see connection.
            from adapters.graph.connection import Connection

            self._connection = Connection(
                self.endpoint, self._credential, self._tries, self._patience
            )
        return self._connection
