"""The identity's permissions as Graph keeps them: assignments of Graph's own app roles.

Source: Microsoft Graph docs, servicePrincipal (list and post appRoleAssignedTo).
"""

from collections.abc import Mapping
from typing import Any

from adapters.graph.connection import Connection
from adapters.graph.errors import error_of
from domain.errors import Forbidden, Never, SeatflowError
from infra.graph_permissions.plan import Assignment

GRAPH = "00000003-0000-0000-c000-000000000000"
"""The application id of Microsoft Graph, the same in every tenant."""

_READ = "Application.Read.All"
_WRITE = "AppRoleAssignment.ReadWrite.All"
_THERE_ALREADY = "already exists on the object"

type Json = Mapping[str, Any]


class Tenant:
    """One identity's permissions."""

    def __init__(self, endpoint: str, connection: Connection, identity: str) -> None:
        self._endpoint = endpoint
        self._connection = connection
        self.identity = identity
        self._graph = ""
        self._roles: dict[str, str] = {}

    async def open(self) -> None:
        """Look up Graph's own roles.

        Raises:
            Never: whoever is signed in may not read them.
        """
        path = f"/servicePrincipals?$filter=appId eq '{GRAPH}'&$select=id,appRoles"
        (found,) = (await self.ask("GET", path, _READ))["value"]
        self._graph = found["id"]
        self._roles = {
            role["value"]: role["id"]
            for role in found["appRoles"]
            if "Application" in role["allowedMemberTypes"]
        }

    async def assignments(self) -> list[Assignment]:
        """Return the permissions on Graph that the identity has.

        Raises:
            Never: there is no such identity, or it may not be read.
        """
        names = {id: name for name, id in self._roles.items()}
        path: str = f"/servicePrincipals/{self.identity}/appRoleAssignments"
        found: list[Assignment] = []
        while path:
            page = await self.ask("GET", path, _READ)
            found += [
                Assignment(each["id"], names.get(each["appRoleId"], each["appRoleId"]))
                for each in page["value"]
                if each["resourceId"] == self._graph
            ]
            path = page.get("@odata.nextLink", "")
        return sorted(found, key=lambda each: each.permission)

    async def grant(self, permission: str) -> None:
        """Give the identity a permission; harmless where it has it.

        Raises:
            Never: Graph has no such permission, or whoever is signed in may not grant it.
        """
        if permission not in self._roles:
            raise Never(f"Graph in this tenant has no application permission {permission}.")
        body = {
            "principalId": self.identity,
            "resourceId": self._graph,
            "appRoleId": self._roles[permission],
        }
        path = f"/servicePrincipals/{self._graph}/appRoleAssignedTo"
        await self.ask("POST", path, _WRITE, body, unless=_THERE_ALREADY)

    async def revoke(self, assignment: Assignment) -> None:
        """Take a permission away.

        Raises:
            Never: whoever is signed in may not.
        """
        path = f"/servicePrincipals/{self._graph}/appRoleAssignedTo/{assignment.id}"
        await self.ask("DELETE", path, _WRITE)

    async def ask(
        self,
        method: str,
        path: str,
        permission: str,
        body: Json | None = None,
        *,
        unless: str = "",
        about: str = "",
    ) -> Json:
        """Send one request and return the body of its success, empty where there is none.

        Args:
            permission: what it needs.
            unless: an error that says this is as good as a success.
            about: what the request is about, where that is not the identity.

        Raises:
            Never: it is not there, or whoever is signed in may not.
        """
        reply = await self._connection.send(method, self.address(path), body, {})
        if not reply.ok and not (unless and unless in str(reply.body)):
            raise self._meant(error_of(reply, permission), reply.status, about)
        return reply.body if isinstance(reply.body, Mapping) else {}

    def address(self, path: str) -> str:
        """Return the address of a path; links that Graph gave stay what they are."""
        return path if path.startswith("http") else self._endpoint + path

    def _meant(self, error: SeatflowError, status: int, about: str) -> SeatflowError:
        if isinstance(error, Forbidden):
            role = "Groups Administrator" if about else "Privileged Role Administrator"
            return Never(error.reason, f"Sign in (az login) as {role}, and try again.")
        if status == 404 and about:
            return Never(f"There is no {about} in this tenant.", "Give the object id of a group.")
        if status == 404:
            return Never(
                f"There is no service principal {self.identity} in this tenant.",
                "Give the object id of the identity (principalId), not its client id.",
            )
        return error
