"""Pacing against the simulator's quota: several instances, one store, hardly any refusal."""

from collections import Counter
from collections.abc import Sequence

import pytest

from adapters.graph.client import GraphClient
from adapters.graph.directory import GraphDirectory
from adapters.graph.pace.pacer import Pacer
from adapters.graph.pace.quota import Quota
from adapters.graph.pace.units import Units
from adapters.graph.targets import GraphTargets
from adapters.tables.account import Tables
from adapters.tables.paces import TablePaces
from domain.change import Action, Change
from domain.outcome import Applied, Outcome, Postponed
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.skipped import SkippedTime
from tests.contract.graph.token import LocalToken
from tests.contract.graph.worlds import document_of
from tests.fakes.tenant import FakeTenant
from tests.unit.adapters_graph.scripted import scripted

QUOTA = Quota(limit=300)
"""A tenth of Graph's bucket, draining as slowly as Graph's."""
STORE_PATIENCE = 120.0
"""Seconds of real time: that a busy machine's storage is slow is not what is tried here."""
GROUPS, JOINING, LEAVING = 8, 320, 40
BATCH = 20
"""Requests in a batch; what fills the bucket refuses a batch as a whole."""

type Page = list[Change]


class Company:
    """Groups that some people join and others leave, and the pages that say so."""

    def __init__(self) -> None:
        self.tenant = FakeTenant()
        self.pages: dict[str, list[Page]] = {}
        self.members: dict[str, set[str]] = {}
        for number in range(GROUPS):
            joining = [self.tenant.add_person(f"J{number}.{n}") for n in range(JOINING)]
            leaving = [self.tenant.add_person(f"L{number}.{n}") for n in range(LEAVING)]
            group = self.tenant.add_group(f"Group {number}", None, *leaving)
            self.members[group] = set(joining)
            revokes = [Change(Action.REVOKE, person, "left") for person in leaving]
            grants = [Change(Action.GRANT, person, "joined") for person in joining]
            self.pages[group] = [revokes[n : n + 20] for n in range(0, LEAVING, 20)]
            self.pages[group] += [grants[n : n + 80] for n in range(0, JOINING, 80)]


class Host:
    """One instance: carries out the pages of its groups, and comes back when it is told to."""

    def __init__(self, graph: SimulatedGraph, store: TablePaces, time: SkippedTime) -> None:
        units = Units(clock=time, sleep=time.sleep)
        pacer = Pacer(
            QUOTA, store, units=units, clock=time, sleep=time.sleep, store_patience=STORE_PATIENCE
        )
        self.client = GraphClient(f"{graph.url}/v1.0", LocalToken(), tries=1, pacer=pacer)
        self.targets = GraphTargets(self.client)
        self.outcomes: list[tuple[str, Outcome]] = []
        self._time = time

    async def carry_out(self, group: str, pages: Sequence[Page]) -> None:
        for page in pages:
            await self._page(group, page)

    async def _page(self, group: str, page: Page) -> None:
        reserved = False
        while page:
            outcomes = await self.targets.carry_out(group, page, reserved=reserved)
            late = {who: o for who, o in outcomes.items() if isinstance(o, Postponed)}
            self.outcomes += [(who, o) for who, o in outcomes.items() if who not in late]
            reserved = len(late) == len(page) and all(o.reserved for o in late.values())
            page = [change for change in page if change.person in late]
            if late:
                await self._time.sleep(max(outcome.after for outcome in late.values()))


@pytest.mark.parametrize("patch_cost", ["one", "third"])
async def test_several_instances_are_hardly_ever_refused(
    own_graph: SimulatedGraph, tables: Tables, fresh: str, patch_cost: str
) -> None:
    graph, company = own_graph, Company()
    limits = {"writes": QUOTA.limit, "write_window": QUOTA.window, "patch_cost": patch_cost}
    await graph.load(document_of(company.tenant), **limits)
    store = TablePaces(tables.table(fresh))
    time = SkippedTime(graph)
    hosts = [Host(graph, store, time) for _ in range(3)]

    await time.pass_until_done(
        *(
            hosts[number % len(hosts)].carry_out(group, pages)
            for number, (group, pages) in enumerate(company.pages.items())
        )
    )
    for host in hosts:
        await host.client.close()

    stats = await graph.switch("GET", "stats")
    # What is on its way when the bucket fills for the first time: until then nobody knows what a
    # PATCH costs. Mostly it is 3 requests, and more where the hosts hear late of each other.
    assert stats["throttled"] <= len(company.pages) * BATCH
    settled = [settled for host in hosts for settled in host.outcomes]
    assert Counter(who for who, _ in settled).most_common(1)[0][1] == 1
    assert {outcome for _, outcome in settled} == {Applied()}
    tenant = await graph.switch("GET", "tenant")
    assert {group["id"]: set(group["members"]) for group in tenant["groups"]} == company.members


async def test_a_batch_that_chokes_graph_is_smaller_next_time(graph: SimulatedGraph) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"Person {number}") for number in range(200)]
    group = tenant.add_group("Target")
    await graph.load(document_of(tenant), batch_references=40)
    targets = GraphTargets(graph.client)
    changes = [Change(Action.GRANT, person, "entitled") for person in people]

    first = await targets.carry_out(group, changes[:100])
    second = await targets.carry_out(group, changes[100:])

    assert sum(isinstance(outcome, Postponed) for outcome in first.values()) == 60
    assert set(second.values()) == {Applied()}


async def test_bulk_is_low_and_what_a_person_waits_for_is_high() -> None:
    async with scripted() as server:
        server.say({"responses": []})
        client = server.client()
        person, group = (f"0000000{n}-0000-0000-0000-000000000000" for n in (1, 2))
        change = [Change(Action.GRANT, person, "entitled")]

        await GraphTargets(client).carry_out(group, change)
        await GraphTargets(client).carry_out(group, change, urgent=True)
        with pytest.raises(Exception, match="Graph"):
            await GraphDirectory(client).close_up([person])
        await client.close()

        said = [request.headers.get("x-ms-throttle-priority") for request in server.seen]
        batches = [(await request.json())["requests"] for request in server.seen[:2]]
        assert said == ["Low", "High", "High"]
        assert [batch[0]["headers"]["x-ms-throttle-priority"] for batch in batches] == said[:2]
