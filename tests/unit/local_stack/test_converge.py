"""Runs are repeated until one has nothing to change; what does not come to rest is told."""

from dataclasses import replace

import pytest

from local.answers import Run, Status
from local.api import Api
from local.converge import Pace, converge
from local.errors import NotConverged, Refused, RunFailed
from tests.unit.local_stack.conftest import Connect
from tests.unit.local_stack.stub_host import StubHost

_QUICK = Pace(poll_s=0.01)


class _Notebook:
    def __init__(self) -> None:
        self.states: list[str] = []
        self.in_flight: list[int] = []

    def saw_run(self, run: Run) -> None:
        self.states.append(run.state)

    def saw_status(self, status: Status) -> None:
        self.in_flight.append(status.in_flight)


async def test_converged_when_a_run_has_no_changes(connect: Connect) -> None:
    host = StubHost(changes=[8, 1])

    summary = await converge(await connect(host), pace=_QUICK)

    assert [run.changes for run in summary.runs] == [8, 1, 0]
    assert summary.after.granted == 9
    assert summary.after.in_flight == summary.after.unconfirmed == 0


async def test_the_holders_before_are_those_of_the_first_inventory(connect: Connect) -> None:
    summary = await converge(await connect(StubHost(changes=[8])), pace=_QUICK)

    assert summary.before.bundles[0].holders == 0
    assert summary.after.bundles[0].holders == 8


async def test_the_witness_sees_runs_and_bundles_move(connect: Connect) -> None:
    notebook = _Notebook()

    await converge(await connect(StubHost(changes=[8])), notebook, _QUICK)

    assert notebook.states[:4] == ["queued", "inventory", "compiling", "done"]
    assert max(notebook.in_flight) > 0
    assert notebook.in_flight[-1] == 0


async def test_a_tenant_that_never_comes_to_rest_is_given_up(connect: Connect) -> None:
    with pytest.raises(NotConverged, match=r"after 2 runs .* changes per run 3, 3"):
        await converge(await connect(StubHost(changes=[3] * 9)), pace=replace(_QUICK, most_runs=2))


async def test_a_failed_run_shows_its_reason(connect: Connect) -> None:
    host = StubHost(changes=[3], fails="User.Read.All is missing")

    with pytest.raises(RunFailed, match=r"the run failed: User\.Read\.All is missing"):
        await converge(await connect(host), pace=_QUICK)


async def test_changes_that_stand_still_are_named(connect: Connect) -> None:
    host = StubHost(changes=[3], stuck=True)

    with pytest.raises(NotConverged, match=r"nothing moved for 0\.5 s: e3: 3 in flight"):
        await converge(await connect(host), pace=replace(_QUICK, patience_s=0.5))


async def test_a_refused_bundle_shows_the_sentences_of_the_host(connect: Connect) -> None:
    api = await connect(StubHost(changes=[], refuses=["line 3: no such product", "line 9: x"]))

    with pytest.raises(Refused, match="400: line 3: no such product; line 9: x"):
        await api.store_bundle("e3", "id: e3")


async def test_policy_files_travel_together_and_say_who_sent_them(connect: Connect) -> None:
    host = StubHost(changes=[])
    files = {"a.yaml": "id: a", "tenant.yaml": "tenant: {}"}

    await (await connect(host)).push(files)

    assert (host.stored, host.pushed_by) == (files, "make local")


async def test_a_host_that_does_not_answer_is_refused_after_some_patience() -> None:
    async with Api("http://127.0.0.1:9", patience_s=0.2) as api:
        with pytest.raises(Refused, match="no answer"):
            await api.status()
