"""Whatever happens, the snapshot on file is the tenant at some moment: each run a new process."""

import asyncio
import secrets

from azure.core.credentials import AzureNamedKeyCredential
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from adapters.credential import EMULATOR_ACCOUNT, EMULATOR_KEY
from adapters.warehouse.blobs import BlobAccount
from adapters.warehouse.warehouse import BlobWarehouse
from tests.contract.azurite import Azurite
from tests.unit.tenant_histories import Company, Step, histories


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(history=histories, replays=st.booleans())
def test_the_snapshot_on_file_is_the_tenant_at_some_moment(
    history: list[Step], replays: bool, azurite: Azurite
) -> None:
    asyncio.run(_play(history, replays, azurite))


async def _play(history: list[Step], replays: bool, azurite: Azurite) -> None:
    key = AzureNamedKeyCredential(EMULATOR_ACCOUNT, EMULATOR_KEY)
    account = BlobAccount(azurite.blobs, key, retries=0)
    blobs = account.container(f"histories-{secrets.token_hex(4)}")
    try:
        await Company(replays=replays, process=lambda: BlobWarehouse(blobs)).play(history)
    finally:
        await account.close()
