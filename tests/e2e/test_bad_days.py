"""A short soak: everything that can be killed is, while Graph and the broker have bad days too.

`python -m tests.e2e.soak` does the same for as long as one likes.
"""

from pathlib import Path

import pytest

from tests.e2e.bad_days import BadDays
from tests.e2e.weather import STORM

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


async def test_every_promise_is_kept_through_kills_storms_and_messages_that_come_twice(
    tmp_path: Path,
) -> None:
    async with BadDays(tmp_path, 200, seed=4) as days:
        await days.kill_host()
        await days.restart("azurite")
        await days.start_host()
        await days.kill_host()
        await days.start_host()
        await days.order(STORM)
        await days.lose_locks()
        await days.restart("servicebus")
        await days.trouble_the_bus()
        await days.settle()
        assert days.toll["kills with an open page"] > 0
