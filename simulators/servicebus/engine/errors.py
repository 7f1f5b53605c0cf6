"""Broker refusals as AMQP errors and outcomes."""

from simulators.servicebus.amqp import Described, Symbol, ULong
from simulators.servicebus.broker.errors import BrokerError

ACCEPTED, REJECTED, RELEASED, MODIFIED = 0x24, 0x25, 0x26, 0x27
_ERROR = 0x1D


def amqp_error(error: BrokerError) -> Described:
    """Return the error with its trailing null `info`: without it a pyamqp sender hangs for ever."""
    return Described(ULong(_ERROR), [Symbol(error.condition), error.description, None])


def accepted() -> Described:
    """Return the outcome `accepted`."""
    return outcome(ACCEPTED)


def outcome(code: int) -> Described:
    """Return a bare outcome; for dead-lettering an error in `rejected` would read as a refusal."""
    return Described(ULong(code), [])


def rejected(error: BrokerError) -> Described:
    """Return the outcome `rejected` with its reason."""
    return Described(ULong(REJECTED), [amqp_error(error)])
