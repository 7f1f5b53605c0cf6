"""Delivery with sessions: one receiver holds a session and gets its messages in order.

A message of a session is locked as long as its session is. Closing the receiver frees the session
at once and counts no delivery; a session lock that runs out counts one for every message that was
out (Azure docs: message-sessions, delivery count).
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulators.servicebus.broker.clock import NEVER
from simulators.servicebus.broker.consumer import Consumer
from simulators.servicebus.broker.delivery import SessionRequest
from simulators.servicebus.broker.errors import (
    no_session_in_time,
    not_allowed,
    session_lock_lost,
    session_locked,
)
from simulators.servicebus.broker.journal import Journal
from simulators.servicebus.broker.locks import Lock, Locks, ReadyLine
from simulators.servicebus.broker.message import Message


@dataclass(slots=True, eq=False)
class Session:
    """One session id: its line of messages, its state, and who holds it until when."""

    id: str
    line: ReadyLine = field(default_factory=ReadyLine)
    locks: Locks = field(default_factory=Locks)
    state: bytes | None = None
    state_set_at: int = 0
    owner: Consumer | None = None
    locked_until: int = 0


class SessionDelivery:
    """Sessions that are free and have messages go to waiting receivers, longest free first."""

    def __init__(self, queue: str, lock_duration: int, journal: Journal) -> None:
        self._queue = queue
        self._lock_duration = lock_duration
        self._journal = journal
        self._sessions: dict[str, Session] = {}
        self._available: dict[str, None] = {}
        self._held: dict[str, Session] = {}  # first to run out first: all last equally long
        self._waiting: dict[Consumer, int] = {}

    def restore(self, states: dict[str, bytes], now: int) -> None:
        """Take up the session states remembered from before a restart."""
        for session_id, state in states.items():
            session = self._session(session_id)
            session.state, session.state_set_at = state, now

    # receivers

    def attach(self, consumer: Consumer, request: SessionRequest | None, now: int) -> None:
        """Give the receiver the session it names, or put it in the line for the next one."""
        if request is None:
            raise not_allowed(
                "It is not possible for an entity that requires sessions to create a "
                "non-sessionful message receiver."
            )
        if request.session_id is None:
            self._waiting[consumer] = now + request.wait
            return
        session = self._session(request.session_id)
        if session.owner is not None:
            raise session_locked(session.id)
        self._give(session, consumer, now)

    def detach(self, consumer: Consumer) -> list[Message]:
        """Free the receiver's session at once."""
        self._waiting.pop(consumer, None)
        for session in self._held.values():
            if session.owner is consumer:
                return self._free(session)
        return []

    def _session(self, session_id: str) -> Session:
        return self._sessions.setdefault(session_id, Session(session_id))

    def _give(self, session: Session, consumer: Consumer, now: int) -> None:
        self._available.pop(session.id, None)
        session.owner, session.locked_until = consumer, now + self._lock_duration
        self._held[session.id] = session
        consumer.accept_session(session.id, session.locked_until)

    def _free(self, session: Session) -> list[Message]:
        session.owner = None
        del self._held[session.id]
        messages = session.locks.end_until(NEVER)
        if session.line:
            self._available[session.id] = None
        elif session.state is None:
            del self._sessions[session.id]
        return messages

    # messages

    def add(self, message: Message) -> None:
        """The message may be handed out to whoever holds its session."""
        session = self._session(message.session_id or "")
        session.line.add(message)
        if session.owner is None:
            self._available[session.id] = None

    def handouts(self, now: int) -> Iterator[tuple[Consumer, Message]]:
        """Give free sessions to waiting receivers, then every holder what it has credit for."""
        while self._waiting and (session := self._next_available()) is not None:
            consumer = next(iter(self._waiting))
            del self._waiting[consumer]
            self._give(session, consumer, now)
        for session in list(self._held.values()):
            holder = session.owner if session.locked_until > now else None
            while holder is not None and holder.credit > 0 and session.line:
                yield holder, session.line.take()

    def _next_available(self) -> Session | None:
        while self._available:
            session = self._sessions[next(iter(self._available))]
            if session.line:
                return session
            del self._available[session.id]
        return None

    def lock(self, message: Message, now: int) -> Lock:
        """Lock the message as long as its session."""
        session = self._held_session(message.session_id, now)
        return session.locks.grant(message, session.locked_until)

    def unlock(self, token: uuid.UUID, now: int) -> Message:
        """End a message's lock, if its session is still held."""
        for session in self._held.values():
            lock = session.locks.find(token)
            if lock is not None and session.locked_until > now:
                return session.locks.end(lock)
        raise session_lock_lost()

    def renew(self, token: uuid.UUID, now: int) -> int:
        """Refuse: in a session only the session's lock can be renewed."""
        raise not_allowed("A message of a session is locked with its session; renew that lock.")

    # session locks and state

    def renew_session(self, session_id: str | None, now: int) -> int:
        """Let a held session last another lock duration from now; return until when."""
        session = self._held_session(session_id, now)
        session.locked_until = now + self._lock_duration
        self._held[session.id] = self._held.pop(session.id)
        return session.locked_until

    def state(self, session_id: str | None, now: int) -> bytes | None:
        """Return the state of a held session."""
        return self._held_session(session_id, now).state

    def set_state(self, session_id: str | None, state: bytes | None, now: int) -> None:
        """Set or clear the state of a held session."""
        session = self._held_session(session_id, now)
        session.state, session.state_set_at = state, now
        self._journal.keep_session_state(self._queue, session.id, state)

    def _held_session(self, session_id: str | None, now: int) -> Session:
        session = self._held.get(session_id or "")
        if session is None or session.locked_until <= now:
            raise session_lock_lost()
        return session

    def ids(self) -> list[str]:
        """Return the sessions that have active messages or a state."""
        return [s.id for s in self._sessions.values() if s.line or s.locks.first() or s.state]

    def ids_updated_since(self, moment: int) -> list[str]:
        """Return the sessions whose state was set after that moment (ms)."""
        return [s.id for s in self._sessions.values() if s.state and s.state_set_at > moment]

    def clear_states(self) -> None:
        """Forget the state of every session."""
        for session in self._sessions.values():
            if session.state is not None:
                session.state = None
                self._journal.keep_session_state(self._queue, session.id, None)

    # time

    def expire(self, now: int) -> list[Message]:
        """Take overdue sessions from their holders and tell receivers that waited too long."""
        failed: list[Message] = []
        while self._held and (first := next(iter(self._held.values()))).locked_until <= now:
            holder = first.owner
            failed += self._free(first)
            if holder is not None:
                holder.refuse(session_lock_lost())
        for consumer in [c for c, deadline in self._waiting.items() if deadline <= now]:
            del self._waiting[consumer]
            consumer.refuse(no_session_in_time())
        return failed

    def expire_all(self) -> list[Message]:
        """Take every session from its holder."""
        for session in self._held.values():
            session.locked_until = 0
        return self.expire(0)

    def next_expiry(self) -> int:
        """Return when the next session or waiting receiver runs out of time."""
        first = next(iter(self._held.values()), None)
        return min(first.locked_until if first else NEVER, *self._waiting.values(), NEVER)
