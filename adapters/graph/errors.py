"""What a reply that is an error means for the caller: what to do next.

Sources: Graph docs (errors, throttling, delta-query-overview) and error bodies that programs in
production have recorded; a contract test goes through the whole catalogue.
"""

from adapters.graph.reply import Reply
from adapters.graph.waits import wait_of
from domain.errors import Forbidden, Later, Never, Resync, SeatflowError

_TRANSIENT = frozenset({408, 423, 424, 425, 429})
_NOT_REPLICATED = "The source resource object or one of the objects being referenced don't exist"
_DENIED = ("Authorization_RequestDenied", "Authentication_MSGraphPermissionMissing", "")
"""The second is that of the reports, the audit log among them; a proxy gives none."""
_PAGE_TOKEN_CODES = frozenset({"Directory_ExpiredPageToken", "DirectoryPageTokenNotFoundException"})
_RESYNC_CODES = frozenset({"syncstatenotfound", "resyncrequired", "syncstateinvalid"})


def error_of(reply: Reply, permission: str) -> SeatflowError:
    """Return the error a failed reply stands for.

    Args:
        reply: any reply that is not a success.
        permission: the application permission the operation needs at least.
    """
    if is_transient(reply):
        return Later(f"Graph cannot answer now: {reply.described()}.", wait_of(reply))
    if reply.status == 401 or reply.code == "Authorization_IdentityNotFound":
        return Never(
            f"Graph does not accept the app's token: {reply.described()}.",
            "Check that the identity exists in this tenant and that GRAPH_ENDPOINT is its cloud.",
        )
    if reply.status == 403 and reply.code in _DENIED:
        return forbidden(reply, permission)
    return Never(f"Graph refused the request: {reply.described()}.")


def forbidden(reply: Reply, permission: str) -> Forbidden:
    """Return the error of a reply that means that a permission is missing."""
    return Forbidden(
        f"Graph denied the request: {reply.described()}.",
        f"Grant the app's identity the application permission {permission}.",
    )


def not_told(what: str, permission: str) -> Forbidden:
    """Return the error of an object of which Graph showed less than every such object has.

    Of what the app may not read it shows the id and null for all the rest (Graph docs:
    permissions-overview, limited information returned for inaccessible member objects).
    """
    return Forbidden(
        f"Graph showed a {what} and not what every {what} has.",
        f"Grant the app's identity the application permission {permission}.",
    )


def delta_error_of(reply: Reply, permission: str, resumed: bool) -> SeatflowError:
    """Return the error a failed page of a delta query stands for.

    Args:
        reply: any reply that is not a success.
        permission: the application permission the operation needs at least.
        resumed: whether the request was made with a token kept from an earlier round.
    """
    if reply.status == 410 or reply.code.lower() in _RESYNC_CODES:
        return Resync(f"Graph no longer knows the change token: {reply.described()}.")
    if resumed and reply.status in (400, 404) and not is_transient(reply):
        return Resync(f"Graph does not accept the change token: {reply.described()}.")
    if reply.code in _PAGE_TOKEN_CODES:
        return Later(f"The round of changes took too long; begin it again: {reply.described()}.")
    return error_of(reply, permission)


def is_transient(reply: Reply) -> bool:
    """Tell whether the same request may succeed later without anyone changing anything."""
    if reply.status in _TRANSIENT or (reply.status >= 500 and reply.status != 501):
        return True
    if reply.code == "Directory_ConcurrencyViolation":
        return True
    return reply.says(_NOT_REPLICATED)
