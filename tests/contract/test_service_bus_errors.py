"""Everything the Service Bus SDK raises says what to do next, or is a bug of ours."""

import azure.servicebus.exceptions as sdk
import pytest
from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError

from adapters.servicebus.errors import RECEIVER, SENDER, service_bus_errors, what_to_do
from domain.errors import Forbidden, Later, Never, SeatflowError

MEANING: dict[str, type[SeatflowError] | None] = {
    "AutoLockRenewFailed": Later,
    "AutoLockRenewTimeout": Later,
    "MessageLockLostError": Later,
    "MessageNotFoundError": Later,
    "MessageSizeExceededError": None,
    "MessagingEntityAlreadyExistsError": None,
    "MessagingEntityDisabledError": Never,
    "MessagingEntityNotFoundError": Never,
    "OperationTimeoutError": Later,
    "ServiceBusAuthenticationError": Forbidden,
    "ServiceBusAuthorizationError": Forbidden,
    "ServiceBusCommunicationError": Later,
    "ServiceBusConnectionError": Later,
    "ServiceBusError": Later,
    "ServiceBusQuotaExceededError": Later,
    "ServiceBusServerBusyError": Later,
    "SessionCannotBeLockedError": Later,
    "SessionLockLostError": Later,
}


def kinds() -> dict[str, type[sdk.ServiceBusError]]:
    found = [v for v in vars(sdk).values() if isinstance(v, type)]
    return {kind.__name__: kind for kind in found if issubclass(kind, sdk.ServiceBusError)}


def made(name: str) -> AzureError:
    kind = kinds()[name]
    if name in ("ServiceBusError", "AutoLockRenewFailed", "AutoLockRenewTimeout"):
        return kind("Something happened.")
    return kind(message="Something happened.")


def test_every_error_of_the_sdk_is_known() -> None:
    assert kinds().keys() == MEANING.keys()


@pytest.mark.parametrize("name", MEANING)
def test_every_error_says_what_to_do(name: str) -> None:
    assert type(what_to_do(made(name), "fulfillment", SENDER)) is (MEANING[name] or type(None))


def test_a_refusal_names_the_queue_and_the_role() -> None:
    for role in (SENDER, RECEIVER):
        refused = what_to_do(made("ServiceBusAuthorizationError"), "recompile", role)
        assert isinstance(refused, Forbidden)
        assert role in refused.fix
        assert "recompile" in refused.reason


def test_an_identity_that_cannot_be_asked_is_no_refusal() -> None:
    assert type(what_to_do(ClientAuthenticationError("None."), "q", SENDER)) is Later
    assert type(what_to_do(ServiceRequestError("Away."), "q", SENDER)) is Later


def test_whatever_comes_later_comes_after_a_while() -> None:
    for name in (name for name, meaning in MEANING.items() if meaning is Later):
        later = what_to_do(made(name), "q", SENDER)
        assert isinstance(later, Later)
        assert later.after > 0


def test_a_bug_of_ours_is_raised_as_it_is() -> None:
    with pytest.raises(sdk.MessageSizeExceededError), service_bus_errors("q", SENDER):
        raise made("MessageSizeExceededError")
