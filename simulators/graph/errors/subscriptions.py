"""Errors of change notification subscriptions."""

from http import HTTPStatus

from simulators.graph.errors.envelope import GraphError


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
