"""Who this app is: its managed identity in Azure, or what emulators on this machine accept; to a
tenant that is only looked at, whoever is signed in on this machine.

The settings refuse local credentials for anything that is not on loopback.
"""

from collections.abc import Callable
from typing import Any

from azure.core.credentials import AccessToken, AzureNamedKeyCredential, TokenCredential
from azure.core.credentials_async import AsyncTokenCredential

from adapters.settings import Settings

EMULATOR_ACCOUNT = "devstoreaccount1"
EMULATOR_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
"""Not a secret: published for every Azurite.

Source: Azure Storage docs, use the Azurite emulator (well-known storage account and key).
"""

LOCAL_TOKEN = "local"
"""What the Graph simulator takes for a token; it means nothing to anyone else."""


class StaticToken:
    """A token credential for a simulator, which takes any token."""

    def __init__(self, token: str = LOCAL_TOKEN) -> None:
        self._token = token

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return the same token for ever."""
        return AccessToken(self._token, 2**32)

    async def close(self) -> None:
        """Do nothing: nothing is open."""

    async def __aenter__(self) -> "StaticToken":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


def token_credential(settings: Settings) -> AsyncTokenCredential:
    """Return the credential for what takes tokens: Graph everywhere, in Azure all the others."""
    if settings.credential == "local":
        return StaticToken()
    if settings.visiting:
        from adapters.visitor import visitor

        return visitor(settings.visitor_sign_in, settings.tenant, settings.client_id)
    return identity(settings.client_id)


def identity(client_id: str | None) -> AsyncTokenCredential:
    """Return the app's managed identity, or what a developer is logged in with where there is none.

    Source: azure-identity docs; DefaultAzureCredential tries a managed identity among others, and
    naming the identity skips the trying.
    """
    from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential

    if client_id:
        return ManagedIdentityCredential(client_id=client_id)
    return DefaultAzureCredential()


def blocking_credential(settings: Settings) -> TokenCredential | None:
    """Return the app's identity for those who ask from threads of their own; None locally."""
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

    if settings.credential == "local":
        return None
    if settings.client_id:
        return ManagedIdentityCredential(client_id=settings.client_id)
    return DefaultAzureCredential()


def storage_credential(
    settings: Settings, token: Callable[[], AsyncTokenCredential]
) -> AzureNamedKeyCredential | AsyncTokenCredential:
    """Return the credential for blobs and tables; Azurite takes no tokens over plain HTTP."""
    if settings.credential != "identity":
        return AzureNamedKeyCredential(EMULATOR_ACCOUNT, settings.storage_key or EMULATOR_KEY)
    return token()
