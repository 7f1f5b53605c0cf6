"""Watches: there, alive, and with secrets that do not grow old."""

from datetime import timedelta

import pytest

from domain.errors import Never
from domain.jobs.watch import LIFETIME, REPEATED_FOR, SECRET_FOR
from tests.unit.office import Office
from tests.unit.webhooks import body, item, person, secret_of
from tests.unit.worlds import guid

DAY = 24 * 3600


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.jobs.renew_watches()
    return office


async def follow(office: Office, event: str, subscription: str) -> None:
    secret = office.watches.secrets[subscription]
    lifecycle = {"subscriptionId": subscription, "clientState": secret, "lifecycleEvent": event}
    await office.jobs.notified(body(lifecycle), "run-9")
    office.clock.advance(2)
    await office.follow_due_hints()


async def takes(office: Office, subscription: str, secret: str) -> bool:
    """Tell whether a notification with this secret is taken."""
    before = len(office.notices.all)
    told = item(office, person(guid("Ada")), subscriptionId=subscription, clientState=secret)
    await office.jobs.notified(body(told), f"call-{before}")
    return len(office.notices.all) > before


async def test_users_and_groups_are_watched_once_each(office: Office) -> None:
    await office.jobs.renew_watches()
    assert sorted(watch.resource for watch in office.watches.records()) == ["groups", "users"]
    assert set(office.watches.subscriptions) == {w.id for w in office.watches.records()}


async def test_watches_are_there_and_far_from_their_end_at_any_time(office: Office) -> None:
    for _ in range(400):
        office.clock.advance(6 * 3600)
        await office.jobs.renew_watches()
        left = [end - office.clock.now() for end in office.watches.subscriptions.values()]
        assert len(left) == 2
        assert timedelta(days=14) <= min(left) <= max(left) <= timedelta(minutes=41_760)


async def test_a_watch_that_is_gone_at_graph_is_made_anew(office: Office) -> None:
    office.watches.subscriptions.clear()
    await office.jobs.renew_watches()
    assert len(office.watches.subscriptions) == 2
    assert {watch.id for watch in office.watches.records()} == set(office.watches.subscriptions)


async def test_renewing_brings_a_fresh_secret_and_the_old_one_is_taken_for_a_while(
    office: Office,
) -> None:
    old, secret = secret_of(office)
    office.clock.advance(SECRET_FOR.total_seconds())
    await office.jobs.renew_watches()
    new, fresh = secret_of(office)
    assert (new != old, fresh != secret) == (True, True)
    assert old not in office.watches.subscriptions
    assert await takes(office, new, fresh)
    assert await takes(office, old, secret), "Graph may be trying that one again"
    assert not await takes(office, new, secret)

    office.clock.advance(REPEATED_FOR.total_seconds())
    assert not await takes(office, old, secret)
    await office.jobs.renew_watches()
    assert old not in {watch.id for watch in office.watches.records()}


async def test_the_new_watch_is_there_before_the_old_one_goes(office: Office) -> None:
    before = set(office.watches.subscriptions)
    office.clock.advance(SECRET_FOR.total_seconds())
    office.watches.fail_next("retire", error=Never("Graph refuses."))
    with pytest.raises(Never):
        await office.jobs.renew_watches()
    assert before < set(office.watches.subscriptions)
    await office.jobs.renew_watches()
    assert len(office.watches.subscriptions) == 2


async def test_a_watch_that_cannot_be_replaced_lives_on(office: Office) -> None:
    office.clock.advance(SECRET_FOR.total_seconds())
    before = set(office.watches.subscriptions)
    for _ in before:
        office.watches.fail_next("create", error=Never("Graph takes no more subscriptions."))
    await office.jobs.renew_watches()
    assert set(office.watches.subscriptions) == before
    assert min(office.watches.subscriptions.values()) == office.clock.now() + LIFETIME
    assert "watch.not_replaced" in office.log.events()


async def test_a_subscription_whose_secret_nobody_knows_is_dropped_once_it_is_no_newborn(
    office: Office,
) -> None:
    office.watches.subscriptions["lost"] = office.clock.now() + LIFETIME
    await office.jobs.renew_watches()
    assert "lost" in office.watches.subscriptions
    office.clock.advance(3600)
    await office.jobs.renew_watches()
    assert "lost" not in office.watches.subscriptions


async def test_reauthorizing_renews_and_keeps_the_secret(office: Office) -> None:
    subscription, secret = secret_of(office)
    office.clock.advance(DAY)
    await follow(office, "reauthorizationRequired", subscription)
    assert secret_of(office) == (subscription, secret)
    assert office.watches.subscriptions[subscription] == office.clock.now() + LIFETIME
    assert not office.queue.hints


async def test_however_often_a_watch_is_renewed_its_secret_does_not_grow_old(
    office: Office,
) -> None:
    first, _ = secret_of(office)
    for _ in range(int(SECRET_FOR / timedelta(days=1)) + 1):
        office.clock.advance(DAY)
        await follow(office, "reauthorizationRequired", secret_of(office)[0])
    assert secret_of(office)[0] != first


async def test_a_watch_that_graph_removed_is_made_anew_and_everything_is_read(
    office: Office,
) -> None:
    subscription, _ = secret_of(office)
    del office.watches.subscriptions[subscription]
    await follow(office, "subscriptionRemoved", subscription)
    assert len(office.watches.subscriptions) == 2
    assert await office.runs.get("run-9")


async def test_what_was_missed_is_read(office: Office) -> None:
    await follow(office, "missed", secret_of(office)[0])
    assert await office.runs.get("run-9")
    assert len(office.watches.subscriptions) == 2


async def test_an_app_without_an_address_is_content(office: Office) -> None:
    alone = Office()
    alone.watches.reachable = False
    await alone.jobs.renew_watches()
    assert alone.watches.subscriptions == {}
    assert [event for event, _ in alone.log.lines] == ["watch.none"]
