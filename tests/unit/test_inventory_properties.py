"""Whatever happens in the tenant and to the runs, the snapshot is the tenant at some moment."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tenant_histories import Company, Step, histories


@settings(max_examples=60)
@given(histories, st.booleans())
def test_the_snapshot_is_the_tenant_at_some_moment(history: list[Step], replays: bool) -> None:
    asyncio.run(Company(replays=replays).play(history))
