"""What the broker needs of a receiving link."""

from typing import Protocol

from simulators.servicebus.broker.errors import BrokerError


class Consumer(Protocol):
    """A receiver: it has credit for so many messages and takes them when they come."""

    credit: int
    removes: bool
    """Whether a message is gone once handed out (receive-and-delete)."""

    def deliver(self, payload: bytes, tag: bytes, settled: bool) -> None:
        """Take one message; `tag` is the lock token in .NET's byte order."""

    def accept_session(self, session_id: str, locked_until: int) -> None:
        """The receiver now holds this session, until that moment (ms since the epoch)."""

    def refuse(self, error: BrokerError) -> None:
        """The receiver gets nothing, or nothing more; its link is to be detached."""
