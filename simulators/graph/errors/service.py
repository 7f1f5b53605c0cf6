"""Errors of access, of the service itself, and of delta tokens."""

from collections.abc import Mapping
from http import HTTPStatus

from simulators.graph.errors.envelope import GraphError, unsupported_query


def token_missing() -> GraphError:
    """No bearer token at all."""
    return GraphError(
        HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", "Access token is empty."
    )


def token_expired() -> GraphError:
    """A token that is not valid any more."""
    message = "Access token has expired or is not yet valid."
    return GraphError(HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", message)


def denied() -> GraphError:
    """The application permission for this is not granted."""
    message = "Insufficient privileges to complete the operation."
    return GraphError(HTTPStatus.FORBIDDEN, "Authorization_RequestDenied", message)


def report_denied(permission: str) -> GraphError:
    """Reports and audit logs have a code of their own and name what is missing (observed)."""
    message = (
        f"The principal does not have required Microsoft Graph permission(s): {permission} to "
        "call this API."
    )
    return GraphError(HTTPStatus.FORBIDDEN, "Authentication_MSGraphPermissionMissing", message)


def usage_denied() -> GraphError:
    """Microsoft 365 reports have yet another code (observed)."""
    return GraphError(HTTPStatus.FORBIDDEN, "S2SUnauthorized", "Invalid permission.")


def not_premium() -> GraphError:
    """Sign-ins are told only to tenants that pay for them (observed)."""
    message = "Neither tenant is B2C or tenant doesn't have premium license"
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    return GraphError(HTTPStatus.FORBIDDEN, code, message)


def throttled(headers: Mapping[str, str]) -> GraphError:
    """429 as the throttling page shows it; the reasons are in the headers."""
    inner = {"code": "429", "message": "Please retry after", "status": "429"}
    return GraphError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "TooManyRequests",
        "Please retry again later.",
        headers,
        inner,
    )


def unavailable() -> GraphError:
    """503."""
    message = "Service is temporarily unavailable. Please wait and retry again."
    return GraphError(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceNotAvailable", message)


def internal() -> GraphError:
    """500."""
    message = "Encountered an internal server error."
    return GraphError(HTTPStatus.INTERNAL_SERVER_ERROR, "Service_InternalServerError", message)


def failed_dependency() -> GraphError:
    """A batch item whose predecessor failed."""
    message = "The dependency of this request has failed."
    return GraphError(HTTPStatus.FAILED_DEPENDENCY, "FailedDependency", message)


def concurrency_violation() -> GraphError:
    """Two writers at once; transient."""
    message = (
        "Error due to concurrent requests being made to the tenant. Please wait briefly and retry."
    )
    return GraphError(HTTPStatus.CONFLICT, "Directory_ConcurrencyViolation", message)


def of_status(status: int) -> GraphError:
    """Return the usual error of a status, for faults that were ordered."""
    usual = {
        HTTPStatus.UNAUTHORIZED: token_expired,
        HTTPStatus.FORBIDDEN: denied,
        HTTPStatus.CONFLICT: concurrency_violation,
        HTTPStatus.INTERNAL_SERVER_ERROR: internal,
        HTTPStatus.SERVICE_UNAVAILABLE: unavailable,
    }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return throttled({})
    for known, make in usual.items():
        if known == status:
            return make()
    phrases = [each.phrase for each in HTTPStatus if each == status]
    return GraphError(status, "UnknownError", phrases[0] if phrases else "Unknown error.")


def resync_required(location: str) -> GraphError:
    """410: start over at `location`."""
    return GraphError(HTTPStatus.GONE, "resyncRequired", "Resync required.", {"Location": location})


def sync_state_not_found(status: int) -> GraphError:
    """The delta token is too old; seen as 400 and as 404."""
    message = (
        "The sync state generation is not found; continuing to process the sync request is not "
        "possible. Please perform a full sync."
    )
    return GraphError(status, "syncStateNotFound", message)


def delta_filter_unsupported() -> GraphError:
    """Only `id eq` joined by `or`, at most 50 of them."""
    return unsupported_query("The specified filter is not supported for delta queries.")
