"""Each check of `doctor` over what really runs: it is fine, and each ordered fault is a finding."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from adapters.checks.clock import skew
from adapters.checks.permissions import CALLS
from adapters.connect import Connected, connect
from adapters.settings import Settings
from domain.doctor import Observation, Severity, Subject
from domain.errors import Forbidden, Later, Never
from domain.kinds import FURTHER
from domain.permissions import FEATURES, features_on
from tests.contract.azurite import ROOT, Azurite
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import document_of
from tests.contract.simulator import Simulator, running_simulator
from tests.fakes.tenant import FakeTenant

ON = {kind.name for kind in FURTHER if kind.on}
ALL = features_on(ON, writes=True, watches=True)
EVERY = sorted({name for each in FEATURES.values() for name in each.permissions})


@pytest.fixture(scope="module")
def bus() -> Iterator[Simulator]:
    with running_simulator() as simulator:
        yield simulator


class Doctor:
    """Looks with one check at a time."""

    def __init__(self, ports: Connected) -> None:
        self._ports = ports

    async def look(
        self, name: str, *targets: str, features: frozenset[str] = ALL
    ) -> list[Observation]:
        (check,) = [each for each in self._ports.checks.all() if each.name == name]
        found: Sequence[Observation] = await check.look(Subject(targets, features))
        return list(found)


class Stack:
    """Settings that name what runs, and doctors over them."""

    def __init__(self, azurite: Azurite, bus: Simulator, graph: SimulatedGraph) -> None:
        self.graph = graph
        self.settings = {
            "CREDENTIAL": "local",
            "GRAPH_ENDPOINT": f"{graph.url}/v1.0",
            "STORAGE_TABLES_URL": azurite.tables,
            "STORAGE_BLOBS_URL": azurite.blobs,
            "ServiceBus": bus.connection_string,
        }
        self._opened: list[Connected] = []

    def doctor(self, **changes: str) -> Doctor:
        ports = connect(Settings.from_environment(self.settings | changes))
        self._opened.append(ports)
        return Doctor(ports)

    async def close(self) -> None:
        for ports in self._opened:
            await ports.close()


@pytest.fixture
async def stack(azurite: Azurite, bus: Simulator, graph: SimulatedGraph) -> AsyncIterator[Stack]:
    opened = Stack(azurite, bus, graph)
    await graph.load({})
    yield opened
    await opened.close()


def levels(found: Sequence[Observation]) -> set[Severity]:
    return {each.level for each in found}


async def test_every_file_is_a_check_and_names_a_page_that_exists(stack: Stack) -> None:
    checks = connect(Settings.from_environment(stack.settings)).checks.all()
    names = [check.name for check in checks]
    assert all((ROOT / check.page).exists() for check in checks)
    assert names == [
        *("settings", "identity", "permissions", "address", "watches", "service bus"),
        *("storage", "clock", "versions"),
    ]


@pytest.mark.parametrize("name", ["identity", "permissions", "service bus", "storage", "versions"])
async def test_where_all_is_well_a_check_says_one_fine_thing(stack: Stack, name: str) -> None:
    await stack.graph.switch("POST", "permissions", {"granted": EVERY})
    (found,) = await stack.doctor().look(name)
    assert found.level is Severity.FINE, found.sentence


# Permissions.

UNTOLD = ("Group.Read.All",)
"""It cannot be told from another by any call."""


def test_every_permission_of_the_table_can_be_tried() -> None:
    assert set(EVERY) == set(CALLS)


@pytest.mark.parametrize("missing", [name for name in EVERY if name not in UNTOLD])
async def test_a_missing_permission_is_named_with_what_it_is_for(
    stack: Stack, missing: str
) -> None:
    users = {each.name for each in FEATURES.values() if missing in each.permissions}
    granted = [name for name in EVERY if not _implies(name, missing)]
    await stack.graph.switch("POST", "permissions", {"granted": granted})
    found = await stack.doctor().look("permissions", features=ALL | users)
    assert any(f"{missing} is missing to " in each.sentence for each in found)
    assert all("python -m infra.graph_permissions" in each.sentence for each in found)


async def test_a_dry_run_tries_nothing_that_writes(stack: Stack) -> None:
    await stack.graph.switch("POST", "permissions", {"granted": EVERY})
    await stack.graph.switch("POST", "stats/reset")
    await stack.doctor(MODE="dry-run").look(
        "permissions", features=features_on(ON, writes=False, watches=True)
    )
    asked = await stack.graph.switch("GET", "stats")
    assert not [name for name in asked["operations"] if not name.startswith("GET")]


async def test_what_is_not_wanted_by_default_is_only_a_note(stack: Stack) -> None:
    granted = [name for name in EVERY if name != "User.ReadWrite.All"]
    await stack.graph.switch("POST", "permissions", {"granted": granted})
    (found,) = await stack.doctor().look("permissions")
    assert found.level is Severity.NOTE
    assert found.sentence.endswith(
        "If you want it: python -m infra.graph_permissions --with reprocess."
    )


async def test_who_owns_the_license_groups_needs_no_permission_for_all_of_them(
    stack: Stack,
) -> None:
    tenant = FakeTenant()
    mine, others = tenant.add_group("Mine"), tenant.add_group("Others")
    await stack.graph.load(document_of(tenant), owned=[mine])
    granted = [name for name in EVERY if name != "GroupMember.ReadWrite.All"]
    await stack.graph.switch("POST", "permissions", {"granted": granted})
    (found,) = await stack.doctor().look("permissions", mine)
    assert (found.level, "each of its 1 target groups" in found.sentence) == (Severity.FINE, True)
    (found,) = await stack.doctor().look("permissions", mine, others)
    assert f"is missing to write target group {others} and 0 more" in found.sentence
    await stack.graph.load({}, owned=[])


async def test_graph_that_cannot_answer_is_no_verdict(stack: Stack) -> None:
    await stack.graph.fault("GET /users", status=503, times=10)
    with pytest.raises(Later):
        await stack.doctor().look("permissions")


def _implies(name: str, permission: str) -> bool:
    """Tell whether the simulator lets one permission stand for another, as Graph does."""
    if permission == "GroupMember.Read.All":
        return name in (permission, "Group.Read.All", "GroupMember.ReadWrite.All")
    if permission == "User.Read.All":
        return name in (permission, "User.ReadWrite.All")
    if permission == "LicenseAssignment.Read.All":
        return name in (permission, "Organization.Read.All")
    if permission == "Organization.Read.All":
        return name in (permission, "User.Read.All")
    if permission == "LicenseAssignment.ReadWrite.All":
        return name in (permission, "User.ReadWrite.All")
    return name == permission


# The other services.


async def test_a_queue_that_is_not_there_is_told_with_the_fix(stack: Stack) -> None:
    with pytest.raises(Never, match=r"Create the queue; infra/servicebus\.json says how"):
        await stack.doctor(RECOMPILE_QUEUE="nowhere").look("service bus")


@pytest.mark.parametrize(
    ("denied", "role"),
    [
        ("deny_send", "Azure Service Bus Data Sender"),
        ("deny_listen", "Azure Service Bus Data Receiver"),
    ],
)
async def test_a_role_that_is_missing_on_a_queue_is_named(
    stack: Stack, bus: Simulator, denied: str, role: str
) -> None:
    bus.ask("/__sim/faults", {denied: 600})
    try:
        with pytest.raises(
            Forbidden, match=f"Give the app's identity the role {role} on the queue"
        ):
            await stack.doctor().look("service bus")
    finally:
        bus.ask("/__sim/faults", {denied: 0})


async def test_an_account_that_is_not_there_is_told_with_the_fix(stack: Stack) -> None:
    strange = stack.settings["STORAGE_BLOBS_URL"].replace("devstoreaccount1", "somebodyelse")
    (found,) = await stack.doctor(STORAGE_BLOBS_URL=strange).look("storage")
    assert found.level is Severity.ERROR
    assert "Check STORAGE_BLOBS_URL and STORAGE_TABLES_URL" in found.sentence


async def test_a_public_address_that_is_not_the_apps_is_told(stack: Stack) -> None:
    assert levels(await stack.doctor().look("address")) == {Severity.NOTE}
    found, _ = await stack.doctor(PUBLIC_URL=stack.graph.url).look("address")
    assert (found.level, "answers 404 where Graph expects" in found.sentence) == (
        Severity.ERROR,
        True,
    )
    (found,) = await stack.doctor(PUBLIC_URL="http://127.0.0.1:9").look("address")
    assert (found.level, "cannot be reached" in found.sentence) == (Severity.ERROR, True)


async def test_an_address_that_believes_everybody_is_told(
    stack: Stack,
) -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=request.query["validationToken"])

    async def believe(request: web.Request) -> web.Response:
        return web.Response(status=200 if "x-ms-client-principal" in request.headers else 401)

    app = web.Application()
    app.router.add_get("/api/v1/openapi.json", believe)
    app.router.add_post("/api/graph/notifications", echo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        answers, locked = await stack.doctor(PUBLIC_URL=url).look("address")
        assert answers.level is Severity.FINE
        assert locked.sentence.startswith("Whoever says that Easy Auth knows him is believed")
        (alone,) = await stack.doctor(PUBLIC_URL=url, SIGN_IN="local").look("address")
        assert alone.level is Severity.FINE
    finally:
        await runner.cleanup()


async def test_missing_watches_are_told(stack: Stack) -> None:
    (found,) = await stack.doctor(PUBLIC_URL="https://seatflow.example").look("watches")
    assert found.sentence.startswith("Graph has 0 of 2 subscriptions")


async def test_settings_say_what_they_leave_out(stack: Stack) -> None:
    found = await stack.doctor(MODE="dry-run").look("settings")
    said = " ".join(each.sentence for each in found)
    assert "CREDENTIAL is local" in said
    assert "MODE is dry-run" in said
    assert "PUBLIC_URL is not set" in said


NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [
        (0, Severity.FINE, "within 120 seconds"),
        (120, Severity.FINE, "within 120 seconds"),
        (121, Severity.ERROR, "121 seconds ahead of Graph's"),
        (-600, Severity.ERROR, "600 seconds behind Graph's"),
    ],
)
def test_a_clock_that_is_off_is_told(seconds: int, level: Severity, words: str) -> None:
    found = skew(NOON, NOON + timedelta(seconds=seconds))
    assert (found.level, words in found.sentence) == (level, True)


async def test_a_graph_whose_time_is_another_is_told(
    stack: Stack, own_graph: SimulatedGraph
) -> None:
    here = {"GRAPH_ENDPOINT": f"{own_graph.url}/v1.0"}
    assert (await stack.doctor(**here).look("clock"))[0].level is Severity.FINE
    await own_graph.switch("POST", "clock", {"advance": 3600})
    (found,) = await stack.doctor(**here).look("clock")
    assert "behind Graph's" in found.sentence


# A visitor, who looks from her own machine.

VISITOR = {
    "CREDENTIAL": "visitor",
    "MODE": "dry-run",
    "SIGN_IN": "token",
    "SIGN_IN_TOKEN": "t" * 32,
}


SIGNED_IN = """echo '{"accessToken": "a.b.c", "expires_on": 4102444800}'"""
SIGNED_OUT = """echo "Please run 'az login' to set up an account." >&2; exit 1"""


@pytest.fixture
def az(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An Azure CLI that says this."""
    script = tmp_path / "az"
    script.write_text(f"#!/bin/sh\n{request.param}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


@pytest.mark.usefixtures("az")
@pytest.mark.parametrize("az", [SIGNED_IN], indirect=True)
async def test_what_a_visitor_cannot_read_is_told_in_terms_of_people(stack: Stack) -> None:
    granted = [name for name in EVERY if name not in ("AuditLog.Read.All", "MailboxSettings.Read")]
    await stack.graph.switch("POST", "permissions", {"granted": granted})
    looked = features_on({*ON, "out_of_office"}, writes=False, watches=False)
    doctor = stack.doctor(**VISITOR)
    (settings,) = await doctor.look("settings")
    (signed_in,) = await doctor.look("identity")
    audits, mail = await doctor.look("permissions", features=looked)
    assert (settings.level, "nothing is written" in settings.sentence) == (Severity.NOTE, True)
    assert signed_in.sentence.startswith("Signed in by az-login as ")
    assert "needs the role Reports Reader or Global Reader" in audits.sentence
    assert mail.sentence.endswith("No sign-in of a person can; a deployed app can.")
    assert "infra.graph_permissions" not in audits.sentence + mail.sentence


@pytest.mark.usefixtures("az")
@pytest.mark.parametrize("az", [SIGNED_OUT], indirect=True)
async def test_a_visitor_who_is_not_signed_in_is_told_how(stack: Stack) -> None:
    (found,) = await stack.doctor(**VISITOR).look("identity")
    assert found.level is Severity.ERROR
    assert "Run az login --tenant TENANT, or see docs/first-contact.md." in found.sentence
