"""What the storage SDKs raise, as what to do next; Blob Storage and Tables share their errors.

Source: Azure Storage docs, common REST API error codes; azure-core exceptions.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseError,
)

from adapters.identity_errors import outage_of, refusal_in
from domain.errors import Conflict, Forbidden, Later, SeatflowError

TABLE_ROLE = "Storage Table Data Contributor"
BLOB_ROLE = "Storage Blob Data Contributor"

_AWAY = 5.0
"""Seconds to wait for a service that cannot be reached."""
_BUSY = 2.0
"""Seconds to wait for a service that asks to be left alone and does not say how long."""


@contextmanager
def storage_errors(role: str) -> Iterator[None]:
    """Raise what to do next for what the SDK raises; `role` is what the app's identity needs.

    Raises:
        Conflict: somebody else wrote first (HTTP 409, 412, or 404 for what must exist).
        Forbidden: the identity lacks the role, or gets no token at all.
        Later: the service is busy, broken or cannot be reached, or the identity cannot be asked.
    """
    try:
        yield
    except AzureError as error:
        meaning = what_to_do(error, role)
        if meaning is None:
            raise
        raise meaning from error


def what_to_do(error: AzureError, role: str) -> SeatflowError | None:
    """Return our error for the SDK's, or None for one that only a bug of ours can cause."""
    if isinstance(error, ServiceRequestError | ServiceResponseError | IncompleteReadError):
        return Later(f"Storage cannot be reached: {_sentence(error)}", after=_AWAY)
    refusal = refusal_in(error)
    if refusal is not None:
        return outage_of(refusal) or _forbidden(refusal, role)
    if isinstance(error, HttpResponseError):
        return _of_status(error, role)
    return None


def _of_status(error: HttpResponseError, role: str) -> SeatflowError | None:
    match error.status_code:
        case 404 | 409 | 412:
            return Conflict(f"Someone else wrote first: {_sentence(error)}")
        case 401 | 403:
            return _forbidden(error, role)
        case 408 | 429:
            return Later(f"Storage is busy: {_sentence(error)}", after=_retry_after(error))
        case int(status) if status >= 500:
            return Later(f"Storage is busy: {_sentence(error)}", after=_retry_after(error))
    return None


def _forbidden(error: HttpResponseError, role: str) -> Forbidden:
    fix = f"Give the app's identity the role {role} on the storage account."
    return Forbidden(f"Storage refused: {_sentence(error)}", fix)


def _retry_after(error: HttpResponseError) -> float:
    text = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
    return float(text) if text.isdigit() else _BUSY


def _sentence(error: AzureError) -> str:
    return (str(error.message).splitlines() or [type(error).__name__])[0]
