"""A token for servers on this machine."""

from typing import Any

from azure.core.credentials import AccessToken


class LocalToken:
    """A credential that gives the same meaningless token to whoever asks."""

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("local", 4_000_000_000)

    async def close(self) -> None:
        """Nothing to close."""

    async def __aenter__(self) -> "LocalToken":
        return self

    async def __aexit__(self, *reason: object) -> None:
        """Nothing to close."""
