"""Blobs that count what goes over the wire."""

from azure.core.credentials import AzureNamedKeyCredential

from adapters.credential import EMULATOR_ACCOUNT, EMULATOR_KEY
from adapters.warehouse.blobs import Blob, BlobAccount, Blobs
from adapters.warehouse.manifest import POINTER, read_manifest

SNAPSHOTS = "snapshots"


def account(url: str) -> BlobAccount:
    """Return the storage of a running Azurite."""
    return BlobAccount(url, AzureNamedKeyCredential(EMULATOR_ACCOUNT, EMULATOR_KEY))


class MeteredBlobs(Blobs):
    """A container."""

    def __init__(self, storage: BlobAccount) -> None:
        self._inner = storage.container(SNAPSHOTS)
        super().__init__(self._inner._container)
        self.read_bytes = self.written_bytes = self.writes = 0

    def counts(self) -> dict[str, int]:
        """Return what was read and written."""
        return {"read": self.read_bytes, "written": self.written_bytes, "writes": self.writes}

    async def read(self, name: str) -> Blob | None:
        """Read and count."""
        blob = await super().read(name)
        self.read_bytes += len(blob.body) if blob else 0
        return blob

    async def write(self, name: str, body: bytes) -> None:
        """Write and count."""
        self.written_bytes += len(body)
        self.writes += 1
        await super().write(name, body)

    async def swap(self, name: str, body: bytes, version: str) -> str:
        """Swap and count."""
        self.written_bytes += len(body)
        self.writes += 1
        return await super().swap(name, body, version)


async def stored(blobs: Blobs) -> int:
    """Return how many bytes the files of the latest snapshot take."""
    pointer = await blobs.read(POINTER)
    assert pointer is not None
    found = [await blobs.read(name) for name in sorted(read_manifest(pointer.body).files.values())]
    return sum(len(blob.body) for blob in found if blob)
