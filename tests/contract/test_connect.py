"""What `connect` hands out: every port, built late, over what really runs."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from adapters.connect import connect
from adapters.settings import Settings
from domain.change import Action, Change
from domain.errors import Never
from domain.head import Head
from domain.outcome import Postponed, Refused
from domain.ports import Hint, PeoplePage, Tokens
from domain.records import Run, RunState
from tests.contract.azurite import ROOT, Azurite
from tests.contract.simulator import running_simulator

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def settings(tables: str, blobs: str, service_bus: str) -> Settings:
    return Settings.from_environment(
        {
            "CREDENTIAL": "local",
            "GRAPH_ENDPOINT": "http://127.0.0.1:9/v1.0",
            "STORAGE_TABLES_URL": tables,
            "STORAGE_BLOBS_URL": blobs,
            "ServiceBus": service_bus,
        }
    )


async def test_every_port_works_over_what_the_settings_name(azurite: Azurite) -> None:
    with running_simulator() as simulator:
        ports = connect(settings(azurite.tables, azurite.blobs, simulator.connection_string))
        run = Run("run-1", RunState.DONE, NOON)
        try:
            await ports.runs.keep(run)
            assert await ports.runs.get("run-1") == run
            assert (await ports.ledger.standing("connected")).head == Head("connected")
            assert await ports.bundles.get("connected") is None
            assert await ports.plans.get("connected.1-2") is None
            draft, _ = await ports.warehouse.begin(anew=True)
            await draft.add_people(PeoplePage())
            await draft.keep(NOON, {}, Tokens())
            async with ports.warehouse.turn():
                assert await ports.warehouse.latest() is not None
            await ports.queue.send_hints([Hint(run="run-1")], ports.clock.now())
            assert await ports.watches.known() == []
            with pytest.raises(Never, match="PUBLIC_URL"):
                await ports.watches.create("/users", NOON, NOON)
        finally:
            await ports.close()


async def test_a_dry_run_reaches_the_client_that_writes() -> None:
    url = "http://127.0.0.1:9/devstoreaccount1"
    bus = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=a;SharedAccessKey=b"
    person, group = (f"0000000{n}-0000-0000-0000-000000000000" for n in (1, 2))
    change = Change(Action.GRANT, person, "entitled")

    for mode, outcome in (("dry-run", Refused), ("live", Postponed)):
        ports = connect(settings(url, url, bus).model_copy(update={"mode": mode}))
        outcomes = await ports.targets.carry_out(group, [change])
        assert isinstance(outcomes[person], outcome)
        await ports.close()


async def test_no_mode_opens_a_visitors_gate() -> None:
    url = "http://127.0.0.1:9/devstoreaccount1"
    bus = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=a;SharedAccessKey=b"
    change = {"credential": "visitor", "mode": "live", "public_url": "http://127.0.0.1:9"}
    ports = connect(settings(url, url, bus).model_copy(update=change))
    person, group = (f"0000000{n}-0000-0000-0000-000000000000" for n in (1, 2))

    outcomes = await ports.targets.carry_out(group, [Change(Action.GRANT, person, "entitled")])
    with pytest.raises(Never, match="Seatflow only looks at this tenant"):
        await ports.watches.create("/users", NOON, NOON)
    await ports.close()

    assert ports.mode == "dry-run"
    assert not {"members", "watch"} & ports.features
    assert isinstance(outcomes[person], Refused)


async def test_ports_that_were_never_used_close_too() -> None:
    url = "http://127.0.0.1:9/devstoreaccount1"
    bus = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=a;SharedAccessKey=b"
    await connect(settings(url, url, bus)).close()


def test_connecting_imports_no_sdk() -> None:
    code = (
        "import sys, adapters.connect, adapters.settings\n"
        "adapters.connect.connect(adapters.settings.Settings.model_construct(insights='a'))\n"
        "heavy = {'azure', 'pyarrow', 'aiohttp', 'httpx', 'msgraph_core', 'kiota_abstractions'}\n"
        "heavy |= {'opentelemetry'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
