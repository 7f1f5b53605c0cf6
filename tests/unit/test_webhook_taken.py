"""What a webhook takes and queues, and how it answers when it cannot."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.errors import Later, Never
from domain.jobs.notified import MOST, notified
from domain.ports import Hint
from domain.watching.notice import Notice
from domain.watching.notification import MAX_BODY
from functions.webhooks import in_time
from tests.fakes.notices import FakeNotices
from tests.unit.office import Office
from tests.unit.webhooks import body, group, item, person, secret_of
from tests.unit.worlds import guid


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.jobs.renew_watches()
    return office


def hints(office: Office) -> list[Hint]:
    return [sent.hint for sent in office.queue.hints]


async def test_a_notification_is_written_down_and_a_foreign_one_is_not(office: Office) -> None:
    ada = await office.hire("Ada", "Sales")
    foreign = body(item(office, person(ada), clientState="wrong"))
    await office.jobs.notified(foreign, "call-1")
    assert (office.notices.all, hints(office)) == ({}, [])
    assert office.log.lines[-1] == ("notification.rejected", {"items": 1})

    await office.jobs.notified(body(item(office, person(ada))), "call-2")
    (notice,) = office.notices.all.values()
    assert [told.id for told in notice.mentions] == [ada]
    assert hints(office) == [Hint(notices=True)]


async def test_a_burst_is_one_message_however_many_bodies_it_comes_in(office: Office) -> None:
    for number in range(100):
        people = [item(office, person(guid(f"{number} {n}"))) for n in range(20)]
        await office.jobs.notified(body(*people), f"call-{number}")
    assert len(office.notices.all) == 100
    assert hints(office) == [Hint(notices=True)]


async def test_a_notice_that_took_long_to_write_has_a_hint_that_comes_after_it(
    office: Office,
) -> None:
    class Slow(FakeNotices):
        async def keep(self, notices: Sequence[Notice]) -> None:
            office.clock.advance(3)
            await super().keep(notices)

    slow = replace(office.ports, notices=Slow())
    await office.jobs.notified(body(item(office, person(guid("Ada")))), "call-1")
    await notified(slow, body(item(office, person(guid("Ben")))), "call-2")
    assert [sent.due >= office.clock.now() for sent in office.queue.hints] == [False, True]


async def test_a_body_that_names_very_many_is_written_down_in_parts(office: Office) -> None:
    everyone = [guid(f"Person {number}") for number in range(MOST + 1)]
    await office.jobs.notified(body(item(office, group(guid("All"), *everyone))), "call")
    parts = await office.notices.open()
    assert [len(part.mentions) for part in parts] == [MOST, 1]


async def test_a_body_that_is_no_notification_is_refused_with_one_line(office: Office) -> None:
    office.log.lines.clear()
    with pytest.raises(Never):
        await office.jobs.notified(b"x" * (MAX_BODY + 1), "call")
    assert office.log.lines == [("notification.unreadable", {"bytes": MAX_BODY + 1})]


@pytest.mark.parametrize("call", ["notices.keep", "queue.send_hints", "watches.known"])
async def test_what_cannot_be_written_down_or_queued_is_sent_again_by_graph(
    office: Office, call: str
) -> None:
    port, method = call.split(".")
    getattr(office, port).fail_next(method, error=Later("It is away.", after=1))
    with pytest.raises(Later):
        await office.jobs.notified(body(item(office, person(guid("Ada")))), "call")


async def test_a_hint_that_was_lost_is_sent_again_by_the_sweeper(office: Office) -> None:
    ada = await office.hire("Ada", "Sales")
    await office.jobs.notified(body(item(office, person(ada))), "call")
    office.queue.hints.clear()
    await office.jobs.sweep()
    assert hints(office) == []
    office.clock.advance(61)
    await office.jobs.sweep()
    assert hints(office) == [Hint(notices=True)]
    office.clock.advance(24 * 3600)
    await office.jobs.sweep()
    assert office.notices.all == {}


async def test_a_slow_queue_is_answered_in_time_and_the_work_goes_on() -> None:
    gate, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await gate.wait()
        done.set()

    with pytest.raises(Later):
        await in_time(work(), seconds=0)
    gate.set()
    await done.wait()


async def test_work_that_fails_late_is_told_of_by_the_job_itself() -> None:
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise Later("The storage is away.")

    with pytest.raises(Later, match="in time"):
        await in_time(work(), seconds=0)
    gate.set()
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        ("reauthorizationRequired", ["watches"]),
        ("subscriptionRemoved", ["watches", "run"]),
        ("missed", ["run"]),
    ],
)
async def test_each_lifecycle_event_is_queued(office: Office, event: str, asked: list[str]) -> None:
    subscription, secret = secret_of(office)
    lifecycle = {"subscriptionId": subscription, "clientState": secret, "lifecycleEvent": event}
    await office.jobs.notified(body(lifecycle), "run-9")
    wanted = {"watches": Hint(watches=(subscription,)), "run": Hint(run="run-9")}
    assert hints(office) == [wanted[each] for each in asked]
    assert office.notices.all == {}
