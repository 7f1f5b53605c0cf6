"""While the stack stays up, every movement is a line and no failed answer ends the watching."""

import asyncio
from contextlib import suppress

from local.answers import BundleStatus, Status
from local.follow import follow, movements
from tests.unit.local_stack.conftest import Connect
from tests.unit.local_stack.stub_host import StubHost


def _bundle(**counts: int) -> BundleStatus:
    named = BundleStatus(id="e3", name="Microsoft 365 E3")
    return named.model_copy(update=counts)


async def test_following_goes_on_after_a_failed_answer(connect: Connect) -> None:
    api = await connect(StubHost(changes=[], broken=2, granted=1))
    lines: list[str] = []
    moved = asyncio.Event()

    def say(line: str) -> None:
        lines.append(line)
        if "granted" in line:
            moved.set()

    following = asyncio.create_task(follow(api, Status(), say))
    await asyncio.wait_for(moved.wait(), 60)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following

    assert lines == [
        "GET /api/v1/status: 500: Storage is away.",
        "e3: 1 granted, 1 waiting",
    ]


def test_each_bundle_that_moves_is_one_line() -> None:
    before = Status(bundles=(_bundle(granted=400, waiting=3), BundleStatus(id="f3", name="F3")))
    after = Status(
        bundles=(
            _bundle(granted=401, revoked=2, waiting=1),
            BundleStatus(id="f3", name="F3"),
            BundleStatus(id="new", name="New", held=4),
        )
    )

    assert list(movements(before, after)) == [
        "e3: 1 granted, 2 revoked, 2 no longer waiting",
        "new: 4 held",
    ]
