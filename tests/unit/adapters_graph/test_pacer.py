"""The pacer: several processes over one store keep within Graph's bucket and use all of it."""

import asyncio
import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.graph.pace.level import Belief, Level
from adapters.graph.pace.quota import Cost, Quota, cost_of_changes
from tests.unit.adapters_graph.pace_world import Bucket, Instance, MemoryStore, Time

QUOTA = Quota(limit=600, window=30)
PAGE = cost_of_changes(0, 80)


async def carry_out(
    time: Time, instances: list[Instance], pages: list[tuple[int, int]], sessions: int = 4
) -> None:
    """Let the instances carry out all pages, a few at a time each."""
    rest = iter(pages)

    async def session(instance: Instance) -> None:
        for revokes, grants in rest:
            await instance.page(revokes, grants)

    work = [session(instance) for instance in instances for _ in range(sessions)]
    await time.pass_until_done(*map(asyncio.create_task, work))


def known(*, dear: bool, time: Time) -> Mapping[str, float | str]:
    """Return what is stored once it is known what a PATCH costs."""
    belief = Belief.DEAR if dear else Belief.CHEAP
    return Level(belief=belief, believed_at=time.now).values()


@pytest.mark.parametrize("dear", [True, False], ids=["dear", "cheap"])
@pytest.mark.parametrize("processes", [1, 3])
async def test_the_quota_is_used_and_next_to_nobody_is_refused(dear: bool, processes: int) -> None:
    time, quota = Time(), Quota()
    bucket = Bucket(time, quota, dear=dear)
    store = MemoryStore(time, latency=0.01)
    instances = [Instance(time, bucket, quota, store) for _ in range(processes)]

    begun = time.now
    await carry_out(time, instances, [(20, 0)] * 100 + [(0, 80)] * 300)

    assert bucket.refused <= 0.01 * bucket.requests  # until what a PATCH costs is known
    assert bucket.writes == 2_000 + 300 * (PAGE.dear if dear else PAGE.cheap)
    bound = (bucket.writes - quota.limit) / quota.rate
    assert time.now - begun <= 1.1 * bound + 0.2 * quota.window  # in simulated time


async def test_where_graph_never_tells_a_share_only_what_is_on_its_way_is_refused() -> None:
    time = Time()
    bucket = Bucket(time, Quota(), dear=True, tells=False)
    store = MemoryStore(time, latency=0.01)
    instances = [Instance(time, bucket, Quota(), store) for _ in range(2)]

    await carry_out(time, instances, [(0, 80)] * 300)

    on_their_way = 2 * 4 * 4
    assert 0 < bucket.refused <= on_their_way
    assert Level.of(store.values).belief is Belief.DEAR


async def test_a_burst_costs_far_fewer_exchanges_than_pages() -> None:
    time = Time()
    bucket = Bucket(time, Quota(), dear=False)
    store = MemoryStore(time)
    store.values, store.version = known(dear=False, time=time), 1

    await carry_out(time, [Instance(time, bucket, Quota(), store)], [(0, 80)] * 200)

    assert store.calls < 60


async def test_work_somebody_waits_for_passes_while_bulk_is_put_off() -> None:
    time = Time()
    bucket = Bucket(time, QUOTA, dear=True)
    instance = Instance(time, bucket, QUOTA, MemoryStore(time))
    bulk = [asyncio.create_task(instance.page(20, 0)) for _ in range(60)]
    for _ in range(100):
        await asyncio.sleep(0)

    assert await instance.pacer.enter(Cost(5, 5), urgent=True) is None

    await time.pass_until_done(*bulk)
    assert bucket.refused == 0


async def test_room_that_was_set_aside_is_not_asked_for_again() -> None:
    time = Time()
    instance = Instance(time, Bucket(time, QUOTA, dear=True), QUOTA, MemoryStore(time), patience=0)
    delay = None
    while delay is None:
        delay = await instance.pacer.enter(Cost(20, 20))
    assert delay.reserved
    time.now += delay.after
    assert await instance.pacer.enter(Cost(20, 20), reserved=True) is None


async def test_when_storage_is_away_the_process_paces_itself() -> None:
    time = Time()
    bucket = Bucket(time, Quota(), dear=True)
    store = MemoryStore(time)
    store.away = True

    await carry_out(time, [Instance(time, bucket, Quota(), store)], [(0, 80)] * 150)

    assert bucket.refused <= 0.01 * bucket.requests
    assert bucket.writes == 150 * PAGE.dear


async def test_a_refusal_closes_the_gate_for_the_other_processes() -> None:
    time = Time()
    store = MemoryStore(time)
    others_use = Bucket(time, QUOTA, dear=True)
    one, other = (Instance(time, others_use, QUOTA, store) for _ in range(2))
    refused = others_use.write(Cost(900, 900))

    await one.pacer.noted([(Cost(1, 1), refused)])

    delay = await other.pacer.enter(Cost(1, 1))
    assert delay is not None
    assert delay.after >= float(refused.headers["retry-after"])


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    processes=st.integers(1, 4),
    dear=st.booleans(),
    latency=st.floats(0.05, 1.5),
    pages=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 80)), min_size=20, max_size=80),
)
def test_processes_that_share_never_pass_the_quota_once_the_cost_is_known(
    seed: int, processes: int, dear: bool, latency: float, pages: list[tuple[int, int]]
) -> None:
    async def run() -> Bucket:
        time, chance = Time(), random.Random(seed)
        bucket = Bucket(time, QUOTA, dear=dear)
        store = MemoryStore(time, latency=chance.uniform(0, 0.05))
        store.values, store.version = known(dear=dear, time=time), 1
        instances = [
            Instance(time, bucket, QUOTA, store, latency * chance.uniform(0.5, 1.5))
            for _ in range(processes)
        ]
        await carry_out(time, instances, pages, sessions=chance.randint(1, 4))
        return bucket

    bucket = asyncio.run(run())
    assert bucket.refused == 0
