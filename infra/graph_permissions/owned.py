"""License groups that the identity is to own, instead of writing the members of every group.

Source: Microsoft Graph docs, group (list and post owners).
"""

from collections.abc import Sequence

from infra.graph_permissions.tenant import Tenant

_READ = "GroupMember.Read.All"
_WRITE = "Group.ReadWrite.All"
_THERE_ALREADY = "already exist"


async def not_owned(tenant: Tenant, groups: Sequence[str]) -> list[str]:
    """Return those groups, each once, that the identity does not own yet.

    Raises:
        Never: there is no such group, or whoever is signed in may not read it.
    """
    wanted = dict.fromkeys(group.lower() for group in groups)
    return [group for group in wanted if not await _owns(tenant, group)]


async def own(tenant: Tenant, group: str) -> None:
    """Make the identity an owner of a group; harmless where it is one.

    Raises:
        Never: whoever is signed in may not.
    """
    body = {"@odata.id": tenant.address(f"/directoryObjects/{tenant.identity}")}
    path = f"/groups/{group}/owners/$ref"
    await tenant.ask("POST", path, _WRITE, body, unless=_THERE_ALREADY, about=f"group {group}")


async def _owns(tenant: Tenant, group: str) -> bool:
    path: str = f"/groups/{group}/owners?$select=id&$top=100"
    while path:
        page = await tenant.ask("GET", path, _READ, about=f"group {group}")
        if any(each["id"] == tenant.identity for each in page["value"]):
            return True
        path = page.get("@odata.nextLink", "")
    return False
