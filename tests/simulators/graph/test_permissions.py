"""Who may do what: each operation with its least permission, and without any."""

import pytest

from simulators.graph.routes import ROUTES, Route
from tests.simulators.graph.simulation import Simulation
from tests.simulators.graph.tenant import id_of

GUARDED = [route for route in ROUTES if route.allowed_by]
DENIED = "Authorization_RequestDenied"
ARGUMENTS = {
    "{user}": id_of("ada"),
    "{group}": id_of("plain"),
    "{member}": id_of("ada"),
    "{item}": id_of("vera"),
    "{cast}": "microsoft.graph.user",
    "{report}": "getOffice365ActiveUserDetail(period='D7')",
}


def address(path: str) -> str:
    for name, value in ARGUMENTS.items():
        path = path.replace(name, value)
    return path


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
async def test_nothing_is_allowed_without_a_permission(graph: Simulation, route: Route) -> None:
    await graph.control("POST", "permissions", {"granted": []})
    method, path = route.method, route.path

    status, document, _ = await graph.call(method, address(path), {})

    code = "Authentication_MSGraphPermissionMissing" if route.report else DENIED
    code = "S2SUnauthorized" if route.usage else code
    assert (status, document["error"]["code"]) == (403, code)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
async def test_the_least_permission_is_enough(graph: Simulation, route: Route) -> None:
    least = route.allowed_by[0]
    await graph.control("POST", "permissions", {"granted": [least]})
    method, path = route.method, route.path

    status, _, _ = await graph.call(method, address(path), {})

    assert status != 403


async def test_members_may_be_written_without_the_right_to_write_groups(
    graph: Simulation,
) -> None:
    await graph.control("POST", "permissions", {"granted": ["GroupMember.ReadWrite.All"]})
    plain = f"/groups/{id_of('plain')}"
    bound = {"members@odata.bind": [f"x/users/{id_of('linus')}"]}

    assert (await graph.call("PATCH", plain, bound))[0] == 204
    assert (await graph.call("PATCH", plain, {"displayName": "x"}))[0] == 403


async def test_sign_in_activity_needs_a_permission_of_its_own(graph: Simulation) -> None:
    await graph.control("POST", "permissions", {"granted": ["User.Read.All"]})

    assert (await graph.call("GET", "/users?$select=signInActivity"))[0] == 403
    await graph.control("POST", "permissions", {"granted": ["User.Read.All", "AuditLog.Read.All"]})
    assert (await graph.call("GET", "/users?$select=signInActivity"))[0] == 200


async def test_role_assignable_groups_need_the_right_to_manage_roles(graph: Simulation) -> None:
    granted = ["GroupMember.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]
    await graph.control("POST", "permissions", {"granted": granted})
    reference = {"@odata.id": f"x/users/{id_of('linus')}"}

    status, _, _ = await graph.call("POST", f"/groups/{id_of('roles')}/members/$ref", reference)

    assert status == 204
