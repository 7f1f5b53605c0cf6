"""The script that grants the identity its permissions, over HTTP against the simulator."""

import asyncio

import pytest

from adapters.graph.targets import GraphTargets
from domain.change import Action, Change
from domain.outcome import Applied, Refused
from domain.permissions import features, needed_by
from infra.graph_permissions.__main__ import main
from tests.contract.graph.simulated import SimulatedGraph
from tests.contract.graph.worlds import document_of
from tests.fakes.tenant import FakeTenant

IDENTITY = "0f3c6a52-1c8e-4e53-9d11-0c1d5a9a7e42"
AS_IT_IS = set(needed_by(features()))


@pytest.fixture
def run(
    graph: SimulatedGraph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> "Run":
    monkeypatch.setenv("GRAPH_ENDPOINT", f"{graph.url}/v1.0")
    return Run(graph, capsys)


class Run:
    """Runs the script beside the test's own event loop."""

    def __init__(self, graph: SimulatedGraph, capsys: pytest.CaptureFixture[str]) -> None:
        self._graph = graph
        self._capsys = capsys

    async def __call__(self, *arguments: str, identity: str = IDENTITY) -> tuple[int, str]:
        """Return the exit code and what was said."""
        code = await asyncio.to_thread(main, ["--identity", identity, *arguments])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    async def has(self) -> set[str]:
        return set((await self._graph.switch("GET", "settings"))["granted"])

    async def give(self, *granted: str) -> None:
        await self._graph.switch("POST", "permissions", {"granted": list(granted)})


async def test_it_shows_first_and_does_nothing(run: Run) -> None:
    await run.give("User.Read.All", "Directory.Read.All")
    code, said = await run()
    assert code == 0
    assert "  keep    User.Read.All                     for inventory, watch, " in said
    assert "+ grant   GroupMember.ReadWrite.All         for members\n" in said
    assert "- revoke  Directory.Read.All                no feature needs it\n" in said
    assert "Nothing was done. Say --yes to do this." in said
    assert await run.has() == {"User.Read.All", "Directory.Read.All"}


async def test_it_grants_what_features_need_and_revokes_the_rest_once(run: Run) -> None:
    await run.give("User.Read.All", "Directory.Read.All")
    code, said = await run("--yes")
    assert code == 0, said
    assert await run.has() == AS_IT_IS
    code, said = await run("--yes")
    assert (code, "All is as it should be." in said) == (0, True)


async def test_a_feature_more_or_less_changes_only_its_own(run: Run) -> None:
    await run.give()
    assert (await run("--with", "licenses", "--without", "members", "--yes"))[0] == 0
    more, fewer = {"LicenseAssignment.ReadWrite.All"}, {"GroupMember.ReadWrite.All"}
    assert await run.has() == (AS_IT_IS | more) - fewer
    assert (await run("--yes"))[0] == 0
    assert await run.has() == AS_IT_IS


async def test_it_makes_the_identity_an_owner_of_license_groups_which_it_may_then_write(
    run: Run, graph: SimulatedGraph
) -> None:
    tenant = FakeTenant()
    ada, group, other = tenant.add_person("Ada"), tenant.add_group("E5"), tenant.add_group("E3")
    await graph.load(document_of(tenant), owned=[])
    await run.give(*needed_by(features(fewer=["members"])))
    owner = ("--without", "members", "--owner-of", group, "--owner-of", group.upper())

    code, said = await run(*owner)
    assert (code, said.count(f"+ owner   {group}\n")) == (0, 1)
    assert "Nothing was done." in said
    assert (await run(*owner, "--yes"))[0] == 0
    code, said = await run(*owner, "--yes")
    assert (code, "All is as it should be." in said) == (0, True)

    change = Change(Action.GRANT, ada, "entitled")
    targets = GraphTargets(graph.client)
    assert await targets.carry_out(group, [change]) == {ada: Applied()}
    refused = (await targets.carry_out(other, [change]))[ada]
    assert isinstance(refused, Refused)
    assert "GroupMember.ReadWrite.All" in refused.fix
    taken = await targets.carry_out(group, [Change(Action.REVOKE, ada, "left")])
    assert taken == {ada: Applied()}
    await graph.load({}, owned=[])


async def test_a_group_that_is_none_is_said_to_be_none(run: Run) -> None:
    code, said = await run("--owner-of", IDENTITY)
    assert (code, f"There is no group {IDENTITY} in this tenant." in said) == (3, True)
    assert (await run("--owner-of", "E5"))[0] == 2


async def test_somebody_who_may_not_grant_is_told_who_may(run: Run, graph: SimulatedGraph) -> None:
    await run.give()
    await graph.fault("POST /servicePrincipals", status=403)
    code, said = await run("--yes")
    assert code == 3
    assert "as Privileged Role Administrator" in said
    await graph.switch("DELETE", "faults")
    assert (await run("--yes"))[0] == 0
    assert await run.has() == AS_IT_IS


@pytest.mark.parametrize(
    ("arguments", "identity", "code", "words"),
    [
        (
            ["--with", "teleport"],
            IDENTITY,
            3,
            "There is no feature 'teleport'. Known are inventory",
        ),
        (["--without", "inventory"], IDENTITY, 3, "Nothing works without inventory."),
        ([], "seatflow", 2, "--identity takes an object id"),
        ([], IDENTITY.replace("0f3c", "0000"), 3, "There is no service principal 0000"),
    ],
)
async def test_wrong_use_is_said_in_a_sentence(
    run: Run, arguments: list[str], identity: str, code: int, words: str
) -> None:
    await run.give()
    done, said = await run(*arguments, identity=identity)
    assert (done, words in said) == (code, True), said
    assert await run.has() == set()


async def test_the_application_itself_may_not_grant_anything(graph: SimulatedGraph) -> None:
    reply = await graph.client.send("GET", "/servicePrincipals?$filter=appId eq 'x'")
    assert reply.status == 403
