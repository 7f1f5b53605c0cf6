"""The storage account's tables: one connection for all of them."""

from azure.core.credentials import AzureNamedKeyCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.data.tables.aio import TableServiceClient

from adapters.tables.table import Table
from adapters.transport import transport

RETRIES = 3
"""Tries beyond the first of each request; the callers try again, at their own pace, after that."""


class Tables:
    """Opens tables; nothing is connected before the first request."""

    def __init__(
        self,
        url: str,
        credential: AzureNamedKeyCredential | AsyncTokenCredential,
        retries: int = RETRIES,
    ) -> None:
        self._service = TableServiceClient(
            url, credential=credential, retry_total=retries, transport=transport()
        )

    def table(self, name: str) -> Table:
        """Return a table by its name; it is created when it is first written to."""
        return Table(self._service.get_table_client(name))

    async def close(self) -> None:
        """Close the connection."""
        await self._service.close()
