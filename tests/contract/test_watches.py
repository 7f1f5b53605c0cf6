"""The promises of the Watches port."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.tables.watch_records import WatchRecords
from adapters.watches import NoSubscriptions, StoredWatches
from domain.errors import Later, Never
from domain.ports import Watches
from tests.contract.conftest import MEMORY_AND_AZURITE
from tests.fakes.watches import FakeWatches

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@dataclass
class InMemory:
    """Subscriptions as Graph has them; it grants what is asked for."""

    subscriptions: dict[str, datetime] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    reachable: bool = True

    async def existing(self) -> Mapping[str, datetime]:
        return dict(self.subscriptions)

    async def create(
        self, resource: str, client_state: str, expires: datetime, /, *, created: bool
    ) -> tuple[str, datetime]:
        id = f"sub-{len(self.secrets)}"
        self.subscriptions[id], self.secrets[id] = expires, client_state
        return id, expires

    async def renew(self, subscription: str, expires: datetime, /) -> datetime:
        if subscription not in self.subscriptions:
            raise Later("Graph no longer has it.")
        self.subscriptions[subscription] = expires
        return expires

    async def delete(self, subscription: str, /) -> None:
        self.subscriptions.pop(subscription, None)


@dataclass
class Bench:
    watches: Watches
    graph: InMemory | FakeWatches


@pytest.fixture(params=MEMORY_AND_AZURITE)
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "memory":
        fake = FakeWatches()
        return Bench(fake, fake)
    table = request.getfixturevalue("tables").table(request.getfixturevalue("fresh"))
    graph = InMemory()
    return Bench(StoredWatches(WatchRecords(table), graph), graph)


async def test_a_watch_is_known_and_existing_once_created(bench: Bench) -> None:
    assert await bench.watches.known() == []
    assert await bench.watches.existing() == {}

    watch = await bench.watches.create("/users", NOON, NOON)

    assert (watch.resource, watch.expires, watch.since) == ("/users", NOON, NOON)
    assert await bench.watches.possible()
    assert await bench.watches.known() == [watch]
    assert await bench.watches.existing() == {watch.id: NOON}


async def test_only_a_hash_of_the_secret_is_kept_and_each_has_its_own(bench: Bench) -> None:
    one = await bench.watches.create("/users", NOON, NOON)
    two = await bench.watches.create("/groups", NOON, NOON)

    for watch in (one, two):
        secret = bench.graph.secrets[watch.id]
        assert watch.state_hash == hashlib.sha256(secret.encode()).hexdigest()
        assert len(secret) <= 128
    assert one.state_hash != two.state_hash


async def test_a_watch_is_renewed(bench: Bench) -> None:
    watch = await bench.watches.create("/users", NOON, NOON)
    later = NOON + timedelta(days=28)

    renewed = await bench.watches.renew(watch, later)

    assert renewed == replace(watch, expires=later)
    assert await bench.watches.known() == [renewed]
    assert await bench.watches.existing() == {watch.id: later}


async def test_a_subscription_that_graph_lost_is_not_renewed_and_can_be_forgotten(
    bench: Bench,
) -> None:
    watch = await bench.watches.create("/users", NOON, NOON)
    bench.graph.subscriptions.clear()

    with pytest.raises(Later):
        await bench.watches.renew(watch, NOON)
    await bench.watches.forget(watch)
    await bench.watches.forget(watch)

    assert await bench.watches.known() == []


async def test_a_watch_that_was_replaced_is_gone_at_graph_and_known_for_a_while(
    bench: Bench,
) -> None:
    old = await bench.watches.create("/users", NOON, NOON)
    new = await bench.watches.create("/users", NOON, NOON, created=True)
    until = NOON + timedelta(hours=5)

    await bench.watches.retire(old, until)

    assert await bench.watches.existing() == {new.id: NOON}
    known = {watch.id: watch for watch in await bench.watches.known()}
    assert known == {old.id: replace(old, until=until), new.id: new}


async def test_a_subscription_that_nobody_knows_is_dropped(bench: Bench) -> None:
    watch = await bench.watches.create("/users", NOON, NOON)
    await bench.watches.forget(watch)
    await bench.watches.drop(watch.id)
    await bench.watches.drop(watch.id)
    assert await bench.watches.existing() == {}


async def test_an_app_without_an_address_watches_nothing() -> None:
    none = NoSubscriptions()
    assert await none.existing() == {}
    assert not none.reachable
    await none.delete("sub")
    with pytest.raises(Never, match="PUBLIC_URL"):
        await none.create("/users", "secret", NOON, created=False)
    with pytest.raises(Never, match="PUBLIC_URL"):
        await none.renew("sub", NOON)
