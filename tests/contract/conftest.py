"""Every port's promises are tested once, over the fake in memory and the adapter alike."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from azure.core.credentials import AzureNamedKeyCredential

from adapters.credential import EMULATOR_ACCOUNT, EMULATOR_KEY
from adapters.tables.account import Tables
from adapters.warehouse.blobs import BlobAccount, Blobs
from tests.contract.azurite import Azurite, running_azurite

MEMORY_AND_AZURITE = ["memory", "azurite"]


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    with running_azurite() as running:
        yield running


@pytest.fixture
def key() -> AzureNamedKeyCredential:
    return AzureNamedKeyCredential(EMULATOR_ACCOUNT, EMULATOR_KEY)


@pytest.fixture
async def tables(azurite: Azurite, key: AzureNamedKeyCredential) -> AsyncIterator[Tables]:
    opened = Tables(azurite.tables, key, retries=0)
    yield opened
    await opened.close()


@pytest.fixture
async def azurite_blobs(
    azurite: Azurite, key: AzureNamedKeyCredential
) -> AsyncIterator[BlobAccount]:
    opened = BlobAccount(azurite.blobs, key, retries=0)
    yield opened
    await opened.close()


@pytest.fixture
def blobs(azurite_blobs: BlobAccount, fresh: str) -> Blobs:
    return azurite_blobs.container(fresh)


@pytest.fixture
def fresh() -> str:
    """A name nobody has used: a table, a container, or the beginning of one."""
    return f"t{uuid4().hex}"
