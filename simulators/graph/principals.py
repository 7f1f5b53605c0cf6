"""The calling application's own permissions, as assignments of the service's app roles to it.

What is assigned here is what the application may do from then on. Source: Graph docs,
servicePrincipal (list and post appRoleAssignedTo, list appRoleAssignments).
"""

from uuid import NAMESPACE_URL, uuid5

from simulators.graph import errors, permissions
from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
GRAPH_ID = "5c7d0d2e-6f0e-4b7e-9a43-1f6f3f1f2b10"

_NAMES = sorted(
    {
        name
        for group in vars(permissions).values()
        if isinstance(group, tuple)
        for name in group
        if "." in name
    }
)
ROLES = {name: str(uuid5(NAMESPACE_URL, name)) for name in _NAMES}
"""Every application permission that this service knows, with the id of its role."""


class Principals:
    """The service's own principal, and that of the application which calls it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def graph(self) -> JsonObject:
        """Return the service's principal with its roles."""
        roles = [
            {
                "allowedMemberTypes": ["Application"],
                "displayName": name,
                "id": role,
                "isEnabled": True,
                "origin": "Application",
                "value": name,
            }
            for name, role in ROLES.items()
        ]
        name = "Microsoft Graph"
        return {"id": GRAPH_ID, "appId": GRAPH_APP_ID, "displayName": name, "appRoles": roles}

    def caller(self) -> JsonObject:
        """Return the calling application's principal."""
        settings = self._settings
        name = settings.application_name
        app_id = settings.application_id
        return {"id": settings.principal_id, "appId": app_id, "displayName": name, "appRoles": []}

    def assignments(self, principal: str) -> list[JsonObject]:
        """Return what is assigned to a principal; raise the 404 for one that is not there."""
        if principal != self._settings.principal_id:
            raise errors.not_found(principal)
        return [self._shown(name) for name in self._settings.granted if name in ROLES]

    def assign(self, asked: JsonObject) -> JsonObject:
        """Give the application a role; raise the errors of a role it has, or that is none."""
        if asked.get("principalId") != self._settings.principal_id:
            raise errors.not_found(str(asked.get("principalId")))
        name = next((name for name, id in ROLES.items() if id == asked.get("appRoleId")), None)
        if name is None or asked.get("resourceId") != GRAPH_ID:
            raise errors.bad_request("Not a valid reference update.")
        if name in self._settings.granted:
            raise errors.bad_request("Permission being assigned already exists on the object")
        self._settings.change({"granted": [*self._settings.granted, name]})
        return self._shown(name)

    def unassign(self, assignment: str) -> None:
        """Take a role away; raise the 404 for an assignment that is not there."""
        left = [name for name in self._settings.granted if _assignment(name) != assignment]
        if len(left) == len(self._settings.granted):
            raise errors.not_found(assignment)
        self._settings.change({"granted": left})

    def _shown(self, name: str) -> JsonObject:
        return {
            "id": _assignment(name),
            "appRoleId": ROLES[name],
            "principalDisplayName": self._settings.application_name,
            "principalId": self._settings.principal_id,
            "principalType": "ServicePrincipal",
            "resourceDisplayName": "Microsoft Graph",
            "resourceId": GRAPH_ID,
        }


def _assignment(name: str) -> str:
    return f"assignment-{ROLES.get(name, name)}"
