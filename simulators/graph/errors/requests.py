"""Errors of requests that are not understood."""

from http import HTTPStatus

from simulators.graph.errors.envelope import GraphError, bad_request, unsupported_query


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


def too_many_alternatives(count: int, most: int) -> GraphError:
    """`in` has more values than the directory takes (observed)."""
    return unsupported_query(
        "Too many child clauses specified in search filter expression containing 'OR' operators: "
        f"{count}. Max allowed: {most}."
    )


def invalid_top(largest: int = 999) -> GraphError:
    """`$top` is outside its range."""
    return unsupported_query(
        f"Invalid page size specified: must be between 1 and {largest} inclusive."
    )


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
