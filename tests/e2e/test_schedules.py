"""A few random schedules on one stack; `python -m tests.e2e.schedules` tries as many as one likes.

Their steps are the same in every run, and what happens meanwhile is not.
"""

from pathlib import Path

import pytest

from tests.e2e.schedules import Schedules

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


async def test_random_schedules_end_where_policy_says(tmp_path: Path) -> None:
    async with Schedules(tmp_path, seed=3) as stack:
        for _ in range(3):
            await stack.play()
