"""What the Service Bus SDK raises, as what to do next.

Source: Service Bus docs, messaging exceptions; azure-servicebus exceptions.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import AzureError
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    MessagingEntityAlreadyExistsError,
    MessagingEntityDisabledError,
    MessagingEntityNotFoundError,
    ServiceBusAuthenticationError,
    ServiceBusAuthorizationError,
    ServiceBusQuotaExceededError,
    ServiceBusServerBusyError,
)

from adapters.identity_errors import outage_of, refusal_in
from domain.errors import Forbidden, Later, Never, SeatflowError

SENDER = "Azure Service Bus Data Sender"
RECEIVER = "Azure Service Bus Data Receiver"

_BUSY = 2.0
"""Seconds that a throttled namespace asks for (Service Bus docs: throttling)."""
_AWAY = 5.0
_FULL = 60.0

_REFUSED = (ServiceBusAuthenticationError, ServiceBusAuthorizationError)
_OURS = (MessageSizeExceededError, MessagingEntityAlreadyExistsError)
"""Only a bug of ours can cause these: our messages are small and we create no queues."""


@contextmanager
def service_bus_errors(queue: str, role: str) -> Iterator[None]:
    """Raise what to do next for what the SDK raises.

    Raises:
        Forbidden: the app's identity lacks the role.
        Never: there is no such queue, or it is switched off.
        Later: the broker is busy, full or away, or the identity cannot be asked.
    """
    try:
        yield
    except AzureError as error:
        meaning = what_to_do(error, queue, role)
        if meaning is None:
            raise
        raise meaning from error


def what_to_do(error: AzureError, queue: str, role: str) -> SeatflowError | None:
    """Return our error for the SDK's, or None for one that only a bug of ours can cause."""
    about = f"Queue {queue}: {_sentence(error)}"
    refusal = refusal_in(error)
    outage = outage_of(refusal) if refusal else None
    if outage:
        return outage
    if refusal or isinstance(error, _REFUSED):
        return Forbidden(about, f"Give the app's identity the role {role} on the queue.")
    if isinstance(error, _OURS):
        return None
    if isinstance(error, MessagingEntityNotFoundError):
        return Never(about, "Create the queue; infra/servicebus.json says how.")
    if isinstance(error, MessagingEntityDisabledError):
        return Never(about, "Switch the queue on.")
    if isinstance(error, ServiceBusQuotaExceededError):
        return Later(about, after=_FULL)
    return Later(about, after=_BUSY if isinstance(error, ServiceBusServerBusyError) else _AWAY)


def _sentence(error: AzureError) -> str:
    return (str(error.message).splitlines() or [type(error).__name__])[0]
