"""The promises of the Notices port."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.tables.notices import TableNotices
from domain.jobs.notified import MOST
from domain.ports import Notices
from domain.watching.notice import Mention, Notice, What
from domain.watching.trust import COMPARED, KEPT, Round, Trust
from tests.contract.conftest import MEMORY_AND_AZURITE
from tests.fakes.notices import FakeNotices
from tests.unit.worlds import guid

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ADA, BEN, TEAM = guid("Ada"), guid("Ben"), guid("Team")
FIRST = Notice(
    "call-1",
    NOON,
    (
        Mention(What.PERSON, ADA),
        Mention(What.JOINED, BEN, TEAM),
        Mention(What.LEFT, ADA, TEAM),
        Mention(What.GROUP, TEAM),
        Mention(What.FREED, BEN),
    ),
    {"users": (0.25, 61.0)},
    trace=f"00-{'a' * 32}-{'b' * 16}-01",
)
SECOND = Notice("call-2", NOON + timedelta(seconds=1), (Mention(What.PERSON, BEN),) * 2)


@pytest.fixture(params=MEMORY_AND_AZURITE)
def notices(request: pytest.FixtureRequest) -> Notices:
    if request.param == "memory":
        return FakeNotices()
    return TableNotices(request.getfixturevalue("tables").table(request.getfixturevalue("fresh")))


async def test_what_was_told_is_kept_in_order_of_time(notices: Notices) -> None:
    assert await notices.open() == []
    await notices.keep([SECOND])
    await notices.keep([FIRST])
    await notices.keep([FIRST])
    assert await notices.open() == [FIRST, SECOND]
    assert await notices.since(NOON) == [FIRST, SECOND]
    assert await notices.since(NOON + timedelta(seconds=0.5)) == [SECOND]


async def test_what_was_followed_is_open_no_more_and_remembers_whom_it_saw(
    notices: Notices,
) -> None:
    await notices.keep([FIRST, SECOND])
    seen = replace(FIRST, looks={ADA: "a1"}, lags={"users": (0.25,), "groups": (3.5,)})
    await notices.follow([seen])
    assert await notices.open() == [SECOND]
    assert await notices.since(NOON) == [replace(seen, followed=True), SECOND]


async def test_very_many_fit_and_are_followed_together(notices: Notices) -> None:
    everyone = [guid(f"Person {number}") for number in range(MOST)]
    large = [
        Notice(f"call-{n}", NOON, tuple(Mention(What.JOINED, one, TEAM) for one in everyone))
        for n in range(12)
    ]
    await notices.keep(large)
    looks = dict.fromkeys(everyone, "0123456789ab")
    await notices.follow([replace(one, looks=looks) for one in large])
    seen = await notices.since(NOON)
    assert len(seen) == 12
    assert all(len(one.looks) == len(one.mentions) == MOST for one in seen)


async def test_old_ones_are_forgotten(notices: Notices) -> None:
    await notices.forget(NOON)
    await notices.keep([FIRST, SECOND])
    await notices.forget(SECOND.at)
    await notices.follow([FIRST])
    assert await notices.open() == await notices.since(NOON) == [SECOND]


async def test_the_inventory_that_was_compiled_last_is_remembered(notices: Notices) -> None:
    assert await notices.compiled() is None
    for moment in (NOON, NOON + timedelta(minutes=5)):
        await notices.note_compiled(moment)
        assert await notices.compiled() == moment


async def test_when_somebody_was_last_freed_is_remembered(notices: Notices) -> None:
    assert await notices.freed() is None
    await notices.note_compiled(NOON)
    for moment in (NOON, NOON + timedelta(minutes=5)):
        await notices.note_freed(moment)
        assert await notices.freed() == moment
    assert await notices.compiled() == NOON


async def test_trust_is_kept_as_it_is(notices: Notices) -> None:
    assert await notices.trust() == Trust()
    rounds = (Round(NOON, 30, 2, 1, 40, 5, (1, 2, 3, 4, 5, 6, 7, 8)),) * KEPT
    untold = frozenset(guid(f"Person {number}") for number in range(COMPARED))
    trust = Trust(NOON, {"users": untold, "groups": untold}, {"users": rounds, "groups": rounds})
    await notices.keep_trust(trust)
    assert await notices.trust() == trust
