"""What the service offers: method and path, who may call it, what it costs, who answers.

Costs are the base resource units of Graph's throttling page; permissions are its application
permissions, least privileged first.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from simulators.graph import errors
from simulators.graph import permissions as p
from simulators.graph.responses import (
    audits,
    commerce,
    delta,
    licenses,
    mailboxes,
    managers,
    members,
    objects,
    organization,
    owners,
    principals,
    reports,
    subscriptions,
)
from simulators.graph.responses import bin as recycle
from simulators.graph.wire import Request, Response
from simulators.graph.world import World

type Responder = Callable[[World, Request], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation; `units` 0 is not billed, `writes` False is a POST that only reads.

    `owners`: whoever owns the group may do it without any of the permissions.
    `report`: it is counted and refused as audit logs are, not as the directory is; `usage`: as the
    reports of Microsoft 365 are.
    """

    method: str
    path: str
    responder: Responder
    allowed_by: tuple[str, ...]
    units: int = 1
    writes: bool = True
    report: bool = False
    usage: bool = False
    owners: bool = False
    select_saves: int = 1

    @property
    def name(self) -> str:
        """The operation's name in the statistics."""
        return f"{self.method} {self.path}"


ROUTES = (
    Route("GET", "/users", objects.list_users, p.READ_USERS, 2),
    Route("POST", "/users", objects.create_user, p.WRITE_USERS),
    Route("GET", "/users/$count", objects.count_users, p.READ_USERS, 2),
    Route("GET", "/users/delta", delta.users_delta, p.READ_USERS),
    Route("GET", "/users/{user}", objects.get_user, p.READ_USERS),
    Route("PATCH", "/users/{user}", objects.change_user, p.WRITE_USERS),
    Route("DELETE", "/users/{user}", objects.delete_user, p.DELETE_USERS),
    Route("GET", "/users/{user}/manager", managers.get_manager, p.READ_USERS),
    Route("PUT", "/users/{user}/manager/$ref", managers.set_manager, p.WRITE_USERS),
    Route("DELETE", "/users/{user}/manager/$ref", managers.remove_manager, p.WRITE_USERS),
    Route("GET", "/users/{user}/memberOf", members.list_member_of, p.READ_MEMBER_OF, 2),
    Route("GET", "/users/{user}/memberOf/{cast}", members.list_member_of, p.READ_MEMBER_OF, 2),
    Route(
        "GET",
        "/users/{user}/transitiveMemberOf",
        members.list_transitive_member_of,
        p.READ_TRANSITIVE_MEMBER_OF,
        2,
    ),
    Route(
        "GET",
        "/users/{user}/transitiveMemberOf/{cast}",
        members.list_transitive_member_of,
        p.READ_TRANSITIVE_MEMBER_OF,
        2,
    ),
    Route(
        "POST",
        "/users/{user}/checkMemberGroups",
        members.check_member_groups,
        p.READ_TRANSITIVE_MEMBER_OF,
        4,
        writes=False,
    ),
    Route(
        "GET",
        "/users/{user}/licenseDetails",
        licenses.list_license_details,
        p.READ_LICENSE_DETAILS,
        2,
    ),
    Route(
        "GET",
        "/users/{user}/mailboxSettings/automaticRepliesSetting",
        mailboxes.get_automatic_replies,
        p.READ_MAILBOXES,
    ),
    Route("POST", "/users/{user}/assignLicense", licenses.assign_to_user, p.LICENSE_USERS),
    Route(
        "POST", "/users/{user}/reprocessLicenseAssignment", licenses.reprocess_user, p.WRITE_USERS
    ),
    Route("GET", "/groups", objects.list_groups, p.READ_GROUPS),
    Route("POST", "/groups", objects.create_group, p.CREATE_GROUPS),
    Route("GET", "/groups/$count", objects.count_groups, p.READ_GROUPS),
    Route("GET", "/groups/delta", delta.groups_delta, p.READ_GROUPS),
    Route("GET", "/groups/{group}", objects.get_group, p.READ_GROUPS),
    Route("PATCH", "/groups/{group}", objects.change_group, p.WRITE_MEMBERS, owners=True),
    Route("DELETE", "/groups/{group}", objects.delete_group, p.WRITE_GROUPS),
    Route("GET", "/groups/{group}/owners", owners.list_owners, p.READ_OWNERS, 2),
    Route("POST", "/groups/{group}/owners/$ref", owners.add_owner, p.WRITE_GROUPS),
    Route("GET", "/groups/{group}/members", members.list_members, p.READ_MEMBERS, 3),
    Route("GET", "/groups/{group}/members/$count", members.count_members, p.READ_MEMBERS, 3),
    Route("GET", "/groups/{group}/members/{cast}", members.list_members, p.READ_MEMBERS, 3),
    Route("POST", "/groups/{group}/members/$ref", members.add_member, p.WRITE_MEMBERS, owners=True),
    Route(
        "DELETE",
        "/groups/{group}/members/{member}/$ref",
        members.remove_member,
        p.WRITE_MEMBERS,
        owners=True,
    ),
    Route("DELETE", "/groups/{group}/members/{member}", members.delete_member_object, p.ANY),
    Route(
        "GET",
        "/groups/{group}/transitiveMembers",
        members.list_transitive_members,
        p.READ_MEMBERS,
        5,
    ),
    Route(
        "GET",
        "/groups/{group}/transitiveMembers/{cast}",
        members.list_transitive_members,
        p.READ_MEMBERS,
        5,
    ),
    Route("GET", "/groups/{group}/transitiveMemberOf", members.list_groups_around, p.READ_GROUPS),
    Route(
        "GET",
        "/groups/{group}/membersWithLicenseErrors",
        members.list_members_with_license_errors,
        p.READ_MEMBERS,
    ),
    Route("POST", "/groups/{group}/assignLicense", licenses.assign_to_group, p.LICENSE_GROUPS),
    Route("GET", "/subscribedSkus", licenses.list_products, p.READ_PRODUCTS, 3),
    Route("GET", "/organization", organization.get_organization, p.READ_ORGANIZATION),
    Route("GET", "/directory/subscriptions", commerce.list_subscriptions, p.READ_PURCHASES),
    Route("GET", "/reports/{report}", reports.get_report, p.READ_REPORTS, 0, usage=True),
    Route(
        "POST",
        "/directoryObjects/getByIds",
        recycle.get_by_ids,
        p.READ_OBJECTS,
        5,
        writes=False,
        select_saves=3,
    ),
    Route(
        "GET",
        "/directory/deletedItems/{cast}",
        recycle.list_deleted,
        (*p.READ_USERS, *p.READ_GROUPS),
    ),
    Route("GET", "/directory/deletedItems/{item}", recycle.get_deleted, p.READ_USERS),
    Route("DELETE", "/directory/deletedItems/{item}", recycle.purge_deleted, p.DELETE_USERS),
    Route(
        "POST", "/directory/deletedItems/{item}/restore", recycle.restore_deleted, p.DELETE_USERS
    ),
    Route(
        "GET",
        "/auditLogs/directoryAudits",
        audits.list_directory_audits,
        p.READ_AUDITS,
        0,
        report=True,
    ),
    Route("GET", "/subscriptions", subscriptions.list_subscriptions, p.ANY, 0),
    Route("POST", "/subscriptions", subscriptions.create_subscription, p.ANY, 0),
    Route("GET", "/subscriptions/{subscription}", subscriptions.get_subscription, p.ANY, 0),
    Route("PATCH", "/subscriptions/{subscription}", subscriptions.renew_subscription, p.ANY, 0),
    Route("DELETE", "/subscriptions/{subscription}", subscriptions.delete_subscription, p.ANY, 0),
    Route(
        "POST",
        "/subscriptions/{subscription}/reauthorize",
        subscriptions.reauthorize_subscription,
        p.ANY,
        0,
    ),
    Route("GET", "/servicePrincipals", principals.list_principals, p.READ_APPLICATIONS),
    Route(
        "GET",
        "/servicePrincipals/{principal}/appRoleAssignments",
        principals.list_assignments,
        p.READ_APPLICATIONS,
        2,
    ),
    Route(
        "POST",
        "/servicePrincipals/{principal}/appRoleAssignedTo",
        principals.assign,
        p.ASSIGN_ROLES,
    ),
    Route(
        "DELETE",
        "/servicePrincipals/{principal}/appRoleAssignedTo/{assignment}",
        principals.unassign,
        p.ASSIGN_ROLES,
    ),
)

CAST_NAMES = ("user", "group", "device", "servicePrincipal", "orgContact", "directoryRole")


def _by_length() -> dict[int, list[tuple[tuple[str, ...], Route]]]:
    """Return the routes by number of segments, those with fewer placeholders first."""
    table: dict[int, list[tuple[tuple[str, ...], Route]]] = defaultdict(list)
    for route in ROUTES:
        segments = tuple(route.path.strip("/").split("/"))
        table[len(segments)].append((segments, route))
    for routes in table.values():
        routes.sort(key=lambda each: sum(segment.startswith("{") for segment in each[0]))
    return table


_TABLE = _by_length()


def match(request: Request) -> Route:
    """Return the operation a request is for and fill in its arguments; raise the 400 or 405."""
    segments = [_plain(segment) for segment in request.path.strip("/").split("/")]
    fits_but_for_method = False
    for pattern, route in _TABLE.get(len(segments), ()):
        args = _fit(pattern, segments)
        if args is None:
            continue
        if route.method == request.method:
            request.args = args
            return route
        fits_but_for_method = True
    if fits_but_for_method:
        raise errors.method_not_allowed()
    raise errors.unknown_segment(segments[-1])


def _plain(segment: str) -> str:
    """Return a segment without the decorations that different clients give it.

    `microsoft.graph.delta()`, `delta()` and `delta` are the same function; `graph.user` is short
    for `microsoft.graph.user`.
    """
    name = segment.removesuffix("()").removeprefix("microsoft.").removeprefix("graph.")
    if name in CAST_NAMES and name != segment:
        return f"microsoft.graph.{name}"
    return name


def _fit(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    args = {}
    for wanted, segment in zip(pattern, segments, strict=True):
        if wanted.startswith("{"):
            if (wanted == "{cast}") != segment.startswith("microsoft.graph."):
                return None
            args[wanted[1:-1]] = segment
        elif wanted.lower() != segment.lower():
            return None
    return args
