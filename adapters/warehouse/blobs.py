"""One container of blobs: whole reads and writes, a swap by ETag, and a lease."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import (
    BlobLeaseClient,
    BlobServiceClient,
    ContainerClient,
    ExponentialRetry,
)

from adapters.storage_errors import BLOB_ROLE, storage_errors
from adapters.transport import transport
from domain.errors import Conflict

RETRIES = 3
"""Tries beyond the first of each request; the SDK's own pace would begin at 15 seconds."""
_STREAMS = 4
"""Parts of one blob on the wire at the same time."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob as it was read."""

    body: bytes
    version: str


class BlobAccount:
    """The storage account's blobs: one connection for all containers."""

    def __init__(
        self,
        url: str,
        credential: AzureNamedKeyCredential | AsyncTokenCredential,
        retries: int = RETRIES,
    ) -> None:
        pace = ExponentialRetry(initial_backoff=1, increment_base=2, retry_total=retries)
        self._service = BlobServiceClient(
            url, credential=credential, retry_policy=pace, transport=transport()
        )

    def container(self, name: str) -> "Blobs":
        """Return a container by its name; it is created when it is first written to."""
        return Blobs(self._service.get_container_client(name))

    async def close(self) -> None:
        """Close the connection."""
        await self._service.close()


class Blobs:
    """A container."""

    def __init__(self, container: ContainerClient) -> None:
        self._container = container

    async def read(self, name: str) -> Blob | None:
        """Return a blob, or None when there is none."""
        with storage_errors(BLOB_ROLE):
            try:
                stream = await self._container.download_blob(name, max_concurrency=_STREAMS)
                return Blob(await stream.readall(), str(stream.properties.etag))
            except ResourceNotFoundError:
                return None

    async def write(self, name: str, body: bytes) -> None:
        """Write a blob, whatever was there."""
        await self._upload(name, body, overwrite=True)

    async def swap(self, name: str, body: bytes, version: str) -> str:
        """Write a blob over the version that was read, or where there was none; return the new one.

        Raises:
            Conflict: somebody else wrote it meanwhile.
        """
        if not version:
            return await self._upload(name, body, overwrite=False)
        return await self._upload(
            name, body, overwrite=True, etag=version, match_condition=MatchConditions.IfNotModified
        )

    async def names(self, prefix: str) -> dict[str, datetime]:
        """Return the blobs whose names begin so, with when each was written."""
        with storage_errors(BLOB_ROLE):
            blobs = self._container.list_blobs(name_starts_with=prefix)
            return {blob.name: blob.last_modified async for blob in blobs}

    async def delete(self, name: str) -> None:
        """Delete a blob, if it is there."""
        with storage_errors(BLOB_ROLE):
            try:
                await self._container.delete_blob(name)
            except ResourceNotFoundError:
                return

    async def lease(self, name: str, seconds: int) -> BlobLeaseClient | None:
        """Lease a blob for 15 to 60 seconds, or return None when somebody else has it."""
        lease = BlobLeaseClient(self._container.get_blob_client(name))
        with storage_errors(BLOB_ROLE):
            try:
                await lease.acquire(lease_duration=seconds)
            except ResourceNotFoundError:
                await self._begin(name)
                return await self.lease(name, seconds)
            except HttpResponseError as error:
                if _code(error) != "LeaseAlreadyPresent":
                    raise
                return None
        return lease

    async def leased(self, name: str) -> bool:
        """Tell whether somebody has a lease on a blob."""
        with storage_errors(BLOB_ROLE):
            try:
                found = await self._container.get_blob_client(name).get_blob_properties()
            except ResourceNotFoundError:
                return False
        return str(found.lease.state) == "leased"

    async def _begin(self, name: str) -> None:
        try:
            await self._upload(name, b"", overwrite=False)
        except Conflict:
            return  # somebody else was as quick

    async def _upload(self, name: str, body: bytes, **conditions: Any) -> str:
        blob = self._container.get_blob_client(name)
        with storage_errors(BLOB_ROLE):
            try:
                answer = await blob.upload_blob(body, max_concurrency=_STREAMS, **conditions)
            except ResourceNotFoundError as error:
                if _code(error) != "ContainerNotFound":
                    raise
                await self._create()
                answer = await blob.upload_blob(body, max_concurrency=_STREAMS, **conditions)
        return str(answer["etag"])

    async def _create(self) -> None:
        try:
            await self._container.create_container()
        except ResourceExistsError:
            return  # somebody else was as quick


def _code(error: HttpResponseError) -> str:
    code = getattr(error, "error_code", "")
    return str(getattr(code, "value", code))
