"""Graph's directory errors: status, code and message as real clients match them.

Clients of group membership cannot branch on the code alone (one code covers many cases), so the
words here are the interface. Sources: Graph docs (errors, group-post-members, throttling) and
error bodies recorded by programs in production.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class GraphError(Exception):
    """An answer that is an error; `inner` replaces parts of the inner error."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        inner: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.inner = dict(inner or {})

    def body(self, date: str, request_id: str, client_request_id: str) -> dict[str, Any]:
        """Return the error envelope every Graph error comes in."""
        inner = {"date": date, "request-id": request_id, "client-request-id": client_request_id}
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": inner | self.inner,
            }
        }


def bad_request(message: str) -> GraphError:
    """400 with the code that covers most mistakes."""
    return GraphError(HTTPStatus.BAD_REQUEST, "Request_BadRequest", message)


def unsupported_query(message: str) -> GraphError:
    """400 for a query the directory will not run."""
    return GraphError(HTTPStatus.BAD_REQUEST, "Request_UnsupportedQuery", message)


# Requests that are not understood


def unreadable_body() -> GraphError:
    """The body is no JSON object."""
    message = "Unable to read JSON request payload. Please ensure Content-Type header is set and "
    return GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", message + "payload is of valid JSON.")


def unknown_segment(segment: str) -> GraphError:
    """The path names nothing Graph has."""
    message = f"Resource not found for the segment '{segment}'."
    return GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def method_not_allowed() -> GraphError:
    """The path exists, the method does not."""
    message = "Specified HTTP method is not allowed for the request target."
    return GraphError(HTTPStatus.METHOD_NOT_ALLOWED, "Request_BadRequest", message)


def invalid_object_identifier(text: str) -> GraphError:
    """An id in the path is no GUID."""
    return bad_request(f"Invalid object identifier '{text}'.")


def invalid_property(name: str) -> GraphError:
    """A property in the body does not exist."""
    return bad_request(f"Invalid property '{name}'.")


def read_only_property(name: str) -> GraphError:
    """A property in the body is set by the service only."""
    return bad_request(f"Property '{name}' is read-only and cannot be set.")


def invalid_value(name: str, resource: str) -> GraphError:
    """A property has a value it cannot take."""
    return bad_request(f"Invalid value specified for property '{name}' of resource '{resource}'.")


def value_required(name: str, resource: str) -> GraphError:
    """A property that creation needs is missing."""
    return bad_request(f"A value is required for property '{name}' of resource '{resource}'.")


def value_taken(name: str) -> GraphError:
    """Another object has this unique value."""
    return bad_request(f"Another object with the same value for property {name} already exists.")


def unknown_property(name: str, resource: str) -> GraphError:
    """A property in `$select` or `$filter` does not exist."""
    message = f"Could not find a property named '{name}' on type 'microsoft.graph.{resource}'."
    return GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def invalid_filter(text: str) -> GraphError:
    """`$filter` does not parse."""
    message = f"Invalid filter clause: {text}"
    return GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def invalid_top() -> GraphError:
    """`$top` is outside its range."""
    return unsupported_query("Invalid page size specified: must be between 1 and 999 inclusive.")


def needs_advanced_query(operator: str) -> GraphError:
    """An advanced query without ConsistencyLevel and `$count`."""
    return unsupported_query(
        f"Operator '{operator}' is not supported because the required parameters might be missing. "
        "Try adding $count=true query parameter and ConsistencyLevel:eventual header. "
        "Refer to https://aka.ms/graph-docs/advanced-queries for more information"
    )


def count_not_supported() -> GraphError:
    """`/$count` without ConsistencyLevel."""
    return unsupported_query("$count is not currently supported.")


def expired_page_token() -> GraphError:
    """A `$skiptoken` lives for minutes only."""
    message = (
        "The specified page token value has expired and can no longer be included in your request."
    )
    return GraphError(HTTPStatus.BAD_REQUEST, "Directory_ExpiredPageToken", message)


# Objects and references


def not_found(object_id: str) -> GraphError:
    """An object, a referenced object or a membership does not exist."""
    message = (
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects "
        "are not present."
    )
    return GraphError(HTTPStatus.NOT_FOUND, "Request_ResourceNotFound", message)


def already_member() -> GraphError:
    """At least one added reference is a member already."""
    return bad_request(
        "One or more added object references already exist for the following modified properties: "
        "'members'."
    )


def just_removed() -> GraphError:
    """The removed reference went a moment ago and the replica knows it."""
    return bad_request(
        "One or more removed object references do not exist for the following modified properties: "
        "'members'."
    )


def source_not_replicated() -> GraphError:
    """The group is so new that this replica has not heard of it."""
    return bad_request(
        "The source resource object or one of the objects being referenced don't exist."
    )


def unsupported_reference() -> GraphError:
    """A reference is no directory object's address."""
    return unsupported_query(
        "Unsupported referenced-object resource identifier for link property 'members'."
    )


def too_many_references() -> GraphError:
    """More than 20 references in one PATCH; the docs give the limit, not the words."""
    return bad_request("The request exceeds the maximum of 20 references for property 'members'.")


def member_quota(would_be: int, quota: int) -> GraphError:
    """The group would be fuller than it may be."""
    message = (
        f"Unable to perform operation as '{would_be}' would exceed the maximum quota count "
        f"'{quota}' for forward-link members."
    )
    return GraphError(HTTPStatus.FORBIDDEN, "Directory_QuotaExceeded", message)


def synced_group() -> GraphError:
    """The group is mastered on premises."""
    return bad_request(
        "Unable to update the specified properties for on-premises mastered Directory Sync objects "
        "or objects currently undergoing migration."
    )


def mail_enabled_group() -> GraphError:
    """The group belongs to Exchange."""
    return bad_request("Cannot Update a mail-enabled security groups and or distribution list.")


def guest_not_allowed() -> GraphError:
    """The Microsoft 365 group takes no guests."""
    message = "Guests users are not allowed to join this group."
    return GraphError(HTTPStatus.FORBIDDEN, "Authorization_RequestDenied", message)


def group_has_licenses() -> GraphError:
    """A group that hands out licenses cannot be deleted; the docs give the rule, not the words."""
    return bad_request("Group with active licenses assigned cannot be deleted.")


def concurrency_violation() -> GraphError:
    """Two writers at once; transient."""
    message = (
        "Error due to concurrent requests being made to the tenant. Please wait briefly and retry."
    )
    return GraphError(HTTPStatus.CONFLICT, "Directory_ConcurrencyViolation", message)


# Who may do what


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


# Service trouble


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
    make = usual.get(HTTPStatus(status))
    return make() if make else GraphError(status, "UnknownError", HTTPStatus(status).phrase)


# Delta


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


# Licenses


def usage_location_invalid() -> GraphError:
    """Direct assignment needs a usage location."""
    return bad_request("License assignment cannot be done for user with invalid usage location.")


def no_seats(sku_id: str) -> GraphError:
    """All seats are taken."""
    return bad_request(f"Subscription with SKU {sku_id} does not have any available licenses.")


def not_owned(sku_id: str) -> GraphError:
    """The tenant has not bought this."""
    return bad_request(f"License {sku_id} does not correspond to a valid company License.")


def license_inherited() -> GraphError:
    """The license comes from a group."""
    return bad_request(
        "User license is inherited from a group membership and it cannot be removed directly from "
        "the user."
    )


def mutually_exclusive(one: str, other: str) -> GraphError:
    """Two service plans exclude each other."""
    return bad_request(
        f"License assignment failed because service plans {one}, {other} are mutually exclusive."
    )


def depends_on(plan: str, needed: list[str]) -> GraphError:
    """A service plan lacks what it builds on."""
    return bad_request(
        f"License assignment failed because service plan {plan} depends on the service plan(s) "
        f"{', '.join(needed)}."
    )


def license_missing() -> GraphError:
    """The license to remove is not there."""
    return bad_request("User does not have a corresponding license.")


# Subscriptions


def subscription_invalid(message: str) -> GraphError:
    """A property of the subscription is missing or wrong."""
    return GraphError(HTTPStatus.BAD_REQUEST, "InvalidRequest", message)


def validation_failed(reason: str) -> GraphError:
    """The notification endpoint did not echo the token."""
    message = f"Subscription validation request failed. {reason}"
    code = "ValidationError" if reason == "The operation has timed out" else "InvalidRequest"
    return GraphError(HTTPStatus.BAD_REQUEST, code, message)


def expiration_too_far(minutes: int) -> GraphError:
    """The subscription would live too long."""
    message = f"Subscription expiration can only be {minutes} minutes in the future."
    return GraphError(HTTPStatus.BAD_REQUEST, "ExtensionError", message)


def subscription_exists(subscription_id: str) -> GraphError:
    """Same application, resource and change type."""
    message = f"Subscription Id {subscription_id} already exists for the requested combination"
    return GraphError(HTTPStatus.CONFLICT, "Conflict", message)


def subscription_not_found() -> GraphError:
    """Unknown or expired."""
    return GraphError(HTTPStatus.NOT_FOUND, "ResourceNotFound", "The object was not found.")


def subscription_quota(quota: int) -> GraphError:
    """More subscriptions than one application may have in one tenant."""
    message = f"Operation: Create; Exception: subscription limit of {quota} per application reached"
    return GraphError(HTTPStatus.FORBIDDEN, "ExtensionError", message)
