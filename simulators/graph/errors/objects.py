"""Errors of objects, references and memberships."""

from http import HTTPStatus

from simulators.graph.errors.envelope import GraphError, bad_request, unsupported_query


def not_found(object_id: str) -> GraphError:
    """An object, a referenced object or a membership does not exist."""
    message = (
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects "
        "are not present."
    )
    return GraphError(HTTPStatus.NOT_FOUND, "Request_ResourceNotFound", message)


def no_mailbox() -> GraphError:
    """The account has no mailbox in the cloud."""
    return GraphError(
        HTTPStatus.NOT_FOUND,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    )


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


def unsupported_reference(link: str = "members") -> GraphError:
    """A reference is no directory object's address."""
    return unsupported_query(
        f"Unsupported referenced-object resource identifier for link property '{link}'."
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
