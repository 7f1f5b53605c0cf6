"""The inventory of a whole tenant, against a bare HTTP client that downloads the same pages.

BENCH_PEOPLE people (by default 100,000; the claims are about 1,000,000) with a group for every
fifty, five memberships and two licenses each, in the Graph simulator; snapshots in Azurite. Each
measurement is a process of its own, one after the other against the same running simulator, whose
pages are made once before anything is measured and whose throttling is off. Afterwards a cycle
with a thousand changed people, one with nothing changed, loading what a compile asks for, and
exporting some parts of the latest snapshot and of the one before.
"""

from typing import Any

import aiohttp

from benchmarks.inventory.simulated import first_links, running
from benchmarks.world.child import PEOPLE, start
from simulators.graph.crowd import person_id
from tests.contract.azurite import running_azurite

_CHANGED = 1000


async def run() -> None:
    """Measure and print."""
    with running(PEOPLE) as graph, running_azurite() as azurite:
        await _tell(graph, "PATCH", "settings", {"throttling": False})
        warm = _download(graph)
        print(f"  {PEOPLE:,} people: pages made in {warm['seconds']['download']:.0f} s")
        baseline = _download(graph)
        await _tell(graph, "POST", "stats/reset")
        ours = start("benchmarks.inventory.ours", graph, azurite.blobs)
        await _show_first(graph, baseline, ours)

        await _change(graph)
        for name in (f"{_CHANGED:,} changed people", "nothing changed"):
            await _tell(graph, "POST", "stats/reset")
            report = start("benchmarks.inventory.ours", graph, azurite.blobs)
            await _show_cycle(graph, name, report)

        loaded = start("benchmarks.inventory.loading", azurite.blobs)
        _line("load what a compile asks for", loaded, "load")
        print(f"  ids {loaded['ids']:.2f} s, columns {loaded['columns']:.2f} s")
        _parts(start("benchmarks.inventory.exporting", azurite.blobs))


def _download(graph: str) -> dict[str, Any]:
    return start("benchmarks.inventory.downloads", *first_links(graph))


async def _show_first(graph: str, baseline: dict[str, Any], ours: dict[str, Any]) -> None:
    if baseline["pages"] != ours["pages"]:
        raise SystemExit(f"Not the same pages: {baseline['pages']} and {ours['pages']}.")
    _line("bare client", baseline, "download")
    print(f"  {baseline['pages']:,} pages, {baseline['bytes'] / 2**20:,.0f} MB")
    _line("first inventory", ours, "inventory")
    await _spent(graph)
    _stored(ours)
    ratio = ours["seconds"]["inventory"] / baseline["seconds"]["download"]
    print(f"  snapshot: {ours['stored'] / PEOPLE:.0f} bytes a person; counts {ours['counts']}")
    print(f"first inventory / bare client: {ratio:.2f}; peak memory {ours['peak']:,.0f} MB")


async def _show_cycle(graph: str, name: str, report: dict[str, Any]) -> None:
    _line(name, report, "inventory")
    await _spent(graph)
    _stored(report)


def _line(name: str, report: dict[str, Any], phase: str) -> None:
    print(
        f"{name}: {report['seconds'][phase]:.2f} s, processor {report['processor'][phase]:.2f} s,"
        f" peak memory {report['peak']:,.0f} MB"
    )


def _stored(report: dict[str, Any]) -> None:
    print(
        f"  storage: {report['read'] / 2**20:.1f} MB read,"
        f" {report['written'] / 2**20:.1f} MB written in {report['writes']} blobs"
    )


def _parts(report: dict[str, Any]) -> None:
    for snapshot, peak in report["peaks"].items():
        took = [f"{s:.2f}" for part, s in report["seconds"].items() if part.startswith(snapshot)]
        print(f"parts of the {snapshot} snapshot: {', '.join(took)} s, peak memory {peak:,.0f} MB")


async def _spent(graph: str) -> None:
    stats = await _tell(graph, "GET", "stats")
    print(f"  Graph: {stats['requests']:,} requests, {stats['resource_units']:,} resource units")


async def _change(graph: str) -> None:
    """Give a thousand people, spread over everyone, another department."""
    async with aiohttp.ClientSession() as session:
        step = max(1, PEOPLE // _CHANGED)
        for number in range(0, PEOPLE, step)[:_CHANGED]:
            url = f"{graph}/__sim/users/{person_id(number)}"
            async with session.patch(url, json={"department": "Moved"}) as answer:
                answer.raise_for_status()


async def _tell(graph: str, method: str, path: str, body: Any = None) -> Any:
    url = f"{graph}/__sim/{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, json=body) as told:
        told.raise_for_status()
        return await told.json()
