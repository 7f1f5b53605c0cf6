"""What the broker refuses, in Service Bus's own error conditions.

The conditions are those the SDK maps to its exception types (azure-servicebus 7.15,
`_common/constants.py` and `exceptions.py`); `status` is the $management status code.
"""

VENDOR = "com.microsoft:"


class BrokerError(Exception):
    """A refusal: an AMQP error condition, a sentence, and a status for $management replies."""

    def __init__(self, condition: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.condition = condition
        self.description = description
        self.status = status


def not_found(entity: str) -> BrokerError:
    """No such queue."""
    return BrokerError(
        "amqp:not-found", f"The messaging entity '{entity}' could not be found.", 404
    )


def not_allowed(description: str) -> BrokerError:
    """The queue is not of the kind that could do this."""
    return BrokerError("amqp:not-allowed", description)


def bad_argument(description: str) -> BrokerError:
    """The request makes no sense."""
    return BrokerError(f"{VENDOR}argument-error", description)


def unauthorized(description: str) -> BrokerError:
    """No token, or one that does not hold."""
    return BrokerError("amqp:unauthorized-access", description, 401)


def undecodable(description: str) -> BrokerError:
    """The message is not an AMQP message."""
    return BrokerError("amqp:decode-error", description)


def too_large(size: int, limit: int) -> BrokerError:
    """The message is over the limit, both in bytes."""
    return BrokerError(
        "amqp:link:message-size-exceeded",
        f"The received message (size {size} bytes) exceeds the limit ({limit} bytes).",
    )


def server_busy() -> BrokerError:
    """Throttled; the words are those of the 50009 of a throttled namespace."""
    return BrokerError(
        f"{VENDOR}server-busy",
        "The request was terminated because the entity is being throttled. Error code: 50009. "
        "Please wait 2 seconds and try again.",
        503,
    )


def message_lock_lost() -> BrokerError:
    """The lock token is unknown or ran out."""
    return BrokerError(
        f"{VENDOR}message-lock-lost",
        "The lock supplied is invalid. Either the lock expired, or the message has already been "
        "removed from the queue.",
        410,
    )


def session_lock_lost() -> BrokerError:
    """Nobody holds the session any more."""
    return BrokerError(
        f"{VENDOR}session-lock-lost",
        "The session lock has expired on the MessageSession. Accept a new MessageSession.",
        410,
    )


def session_locked(session_id: str) -> BrokerError:
    """Someone else holds the session."""
    return BrokerError(
        f"{VENDOR}session-cannot-be-locked",
        f"The requested session '{session_id}' cannot be accepted. It may be locked by another "
        "receiver.",
        409,
    )


def no_session_in_time() -> BrokerError:
    """The wait for the next available session ended without one."""
    return BrokerError(
        f"{VENDOR}timeout",
        "The operation did not complete within the allotted timeout: no session became available.",
        408,
    )


def message_not_found(description: str) -> BrokerError:
    """A sequence number names no message of the wanted kind."""
    return BrokerError(f"{VENDOR}message-not-found", description, 404)


def not_implemented(operation: str) -> BrokerError:
    """The simulator has no such operation."""
    return BrokerError("amqp:not-implemented", f"{operation} is not simulated.", 501)
