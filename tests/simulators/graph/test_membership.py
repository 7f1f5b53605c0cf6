"""Writing memberships with the real SDK."""

import pytest
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.reference_create import ReferenceCreate

from tests.simulators.graph.simulation import Simulation
from tests.simulators.graph.tenant import id_of

OBJECTS = "https://graph.microsoft.com/v1.0/directoryObjects"


async def members_of(graph: Simulation, group: str) -> set[str]:
    page = await graph.get(f"/groups/{id_of(group)}/members?$select=id")
    return {one["id"] for one in page["value"]}


async def test_one_member_is_added_by_reference_and_removed_again(graph: Simulation) -> None:
    members = graph.sdk.groups.by_group_id(id_of("plain")).members

    await members.ref.post(ReferenceCreate(odata_id=f"{OBJECTS}/{id_of('linus')}"))
    assert await members_of(graph, "plain") == {id_of("ada"), id_of("linus")}

    await members.by_directory_object_id(id_of("ada")).ref.delete()
    assert await members_of(graph, "plain") == {id_of("linus")}


async def test_several_members_are_added_in_one_patch(graph: Simulation) -> None:
    names = ["grace", "linus", "vera"]
    group = Group(
        additional_data={"members@odata.bind": [f"{OBJECTS}/{id_of(name)}" for name in names]}
    )

    await graph.sdk.groups.by_group_id(id_of("plain")).patch(group)

    assert await members_of(graph, "plain") == {id_of(name) for name in ["ada", *names]}


async def test_a_reference_may_name_the_user_as_a_user_and_in_capitals(graph: Simulation) -> None:
    path = f"/groups/{id_of('plain')}/members/$ref"
    reference = f"https://graph.microsoft.com/v1.0/users/{id_of('linus').upper()}"

    status, _, _ = await graph.call("POST", path, {"@odata.id": reference})

    assert status == 204
    assert id_of("linus") in await members_of(graph, "plain")


async def test_a_second_add_is_refused_and_changes_nothing(graph: Simulation) -> None:
    members = graph.sdk.groups.by_group_id(id_of("plain")).members

    with pytest.raises(ODataError, match="already exist"):
        await members.ref.post(ReferenceCreate(odata_id=f"{OBJECTS}/{id_of('ada')}"))

    assert await members_of(graph, "plain") == {id_of("ada")}


async def test_delete_without_ref_deletes_the_user_itself(graph: Simulation) -> None:
    path = f"/groups/{id_of('plain')}/members/{id_of('ada')}"

    status, _, _ = await graph.call("DELETE", path)

    assert status == 204
    assert (await graph.call("GET", f"/users/{id_of('ada')}"))[0] == 404


async def test_delete_without_ref_is_denied_to_who_may_not_delete_users(
    graph: Simulation,
) -> None:
    await graph.control("POST", "permissions", {"granted": ["GroupMember.ReadWrite.All"]})
    path = f"/groups/{id_of('plain')}/members/{id_of('ada')}"

    status, _, _ = await graph.call("DELETE", path)

    assert status == 403
    assert id_of("ada") in graph.world.directory.users


async def test_a_deleted_user_leaves_every_group_and_returns_when_restored(
    graph: Simulation,
) -> None:
    await graph.sdk.users.by_user_id(id_of("ada")).delete()
    assert await members_of(graph, "plain") == set()

    await graph.sdk.directory.deleted_items.by_directory_object_id(id_of("ada")).restore.post()
    assert await members_of(graph, "plain") == {id_of("ada")}

    path = f"/directory/deletedItems/{id_of('ada')}"
    assert (await graph.call("DELETE", path))[0] == 404


async def test_a_group_that_hands_out_licenses_cannot_be_deleted(graph: Simulation) -> None:
    with pytest.raises(ODataError):
        await graph.sdk.groups.by_group_id(id_of("licensed")).delete()

    await graph.sdk.groups.by_group_id(id_of("plain")).delete()
    assert await members_of(graph, "nesting") == {id_of("grace")}
