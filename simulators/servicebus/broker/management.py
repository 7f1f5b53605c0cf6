"""The operations of a queue's $management node.

Names and fields are those of Microsoft's page "AMQP 1.0 in Azure Service Bus:
request-response-based operations" as azure-servicebus 7.15 uses them, with their misspellings
(`defered`, `sessions-ids`).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simulators.servicebus.amqp import Array, Int, Long, Timestamp
from simulators.servicebus.broker.errors import (
    VENDOR,
    bad_argument,
    message_not_found,
    not_allowed,
    not_implemented,
)
from simulators.servicebus.broker.message import Message, State
from simulators.servicebus.broker.message_format import read_message, write_delivery
from simulators.servicebus.broker.queue import Queue
from simulators.servicebus.broker.sessions import SessionDelivery
from simulators.servicebus.broker.settlement import Outcome, Settlement, settle

_EVERY_SESSION = 253402300800000  # .NET's DateTime.MaxValue in ms: no filter by time


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers; 204 means that there is nothing of the kind."""

    status: int
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The map a client sent, read with the types the operation needs."""

    fields: dict[str, Any]

    def get[T](self, key: str, kind: type[T]) -> T:
        """Return the field; BrokerError when it is absent or of another type."""
        value = self.fields.get(key)
        if not isinstance(value, kind):
            raise bad_argument(f"The request needs '{key}' as {kind.__name__}.")
        return value

    def maybe[T](self, key: str, kind: type[T]) -> T | None:
        """Return the field or None when it is absent or null."""
        return None if self.fields.get(key) is None else self.get(key, kind)

    def each[T](self, key: str, kind: type[T]) -> list[T]:
        """Return the field as a list of items of one type."""
        items = self.get(key, list)
        if not all(isinstance(item, kind) for item in items):
            raise bad_argument(f"The request needs '{key}' as a list of {kind.__name__}.")
        return items


def manage(queue: Queue, operation: str, body: Any) -> Reply:
    """Carry out one operation; BrokerError when it is unknown, malformed or refused."""
    handler = _OPERATIONS.get(operation.removeprefix(VENDOR))
    if handler is None:
        raise not_implemented(f"The management operation '{operation}'")
    return handler(queue, Body(body if isinstance(body, dict) else {}))


def _renew_lock(queue: Queue, body: Body) -> Reply:
    now = queue.clock.now()
    tokens = body.each("lock-tokens", uuid.UUID)
    expirations = [Timestamp(queue.delivery.renew(token, now)) for token in tokens]
    return Reply(200, {"expirations": Array(Timestamp, expirations)})


def _peek(queue: Queue, body: Body) -> Reply:
    start, limit = body.get("from-sequence-number", int), body.get("message-count", int)
    session_id = body.maybe("session-id", str)
    wanted = (
        message
        for message in queue.shelf
        if message.sequence >= start and session_id in (None, message.session_id)
    )
    messages = [{"message": write_delivery(message)} for message in islice(wanted, max(limit, 0))]
    return Reply(200, {"messages": messages}) if messages else Reply(204)


def _schedule(queue: Queue, body: Body) -> Reply:
    payloads = [Body(entry).get("message", bytes) for entry in body.each("messages", dict)]
    sequences = queue.send([read_message(payload) for payload in payloads])
    return Reply(200, {"sequence-numbers": Array(Long, sequences)})


def _cancel_scheduled(queue: Queue, body: Body) -> Reply:
    messages = _find_all(queue, body, State.SCHEDULED)
    for message in messages:
        queue.shelf.remove(message)
    return Reply(200)


def _receive_deferred(queue: Queue, body: Body) -> Reply:
    removes = body.get("receiver-settle-mode", int) == 0
    messages = _find_all(queue, body, State.DEFERRED)
    hand_over = _remove_deferred if removes else _lock_deferred
    return Reply(200, {"messages": [hand_over(queue, message) for message in messages]})


def _remove_deferred(queue: Queue, message: Message) -> dict[str, Any]:
    queue.remove(message)
    return {"message": write_delivery(message)}


def _lock_deferred(queue: Queue, message: Message) -> dict[str, Any]:
    lock = queue.delivery.lock(message, queue.clock.now())
    return {"lock-token": lock.token, "message": write_delivery(message, lock.until)}


def _find_all(queue: Queue, body: Body, state: State) -> list[Message]:
    session_id = body.maybe("session-id", str)
    found = []
    for sequence in body.each("sequence-numbers", int):
        message = queue.shelf.find(sequence)
        if (
            message is None
            or message.state is not state
            or message.lock is not None
            or session_id not in (None, message.session_id)
        ):
            raise message_not_found(
                f"There is no {state.name.lower()} message {sequence} that could be locked."
            )
        found.append(message)
    return found


def _update_disposition(queue: Queue, body: Body) -> Reply:
    status = body.get("disposition-status", str)
    try:
        outcome = Outcome(status)
    except ValueError:
        raise bad_argument(f"There is no disposition-status '{status}'.") from None
    settlement = Settlement(
        outcome,
        body.maybe("deadletter-reason", str),
        body.maybe("deadletter-description", str),
        body.maybe("properties-to-modify", dict) or {},
    )
    for token in body.each("lock-tokens", uuid.UUID):
        settle(queue, token, settlement)
    return Reply(200)


def _renew_session_lock(queue: Queue, body: Body) -> Reply:
    until = _sessions(queue).renew_session(body.get("session-id", str), queue.clock.now())
    return Reply(200, {"expiration": Timestamp(until)})


def _get_session_state(queue: Queue, body: Body) -> Reply:
    state = _sessions(queue).state(body.get("session-id", str), queue.clock.now())
    return Reply(200, {"session-state": state})


def _set_session_state(queue: Queue, body: Body) -> Reply:
    state = body.maybe("session-state", bytes)
    _sessions(queue).set_state(body.get("session-id", str), state, queue.clock.now())
    return Reply(200)


def _list_sessions(queue: Queue, body: Body) -> Reply:
    skip, top = max(body.get("skip", int), 0), max(body.get("top", int), 0)
    since, sessions = body.get("last-updated-time", int), _sessions(queue)
    ids = sessions.ids() if since == _EVERY_SESSION else sessions.ids_updated_since(since)
    page = ids[skip : skip + top]
    if not page:
        return Reply(204)
    return Reply(200, {"skip": Int(skip), "sessions-ids": Array(str, page)})


def _sessions(queue: Queue) -> SessionDelivery:
    if queue.sessions is None:
        raise not_allowed("The entity does not require sessions.")
    return queue.sessions


_OPERATIONS: dict[str, Callable[[Queue, Body], Reply]] = {
    "renew-lock": _renew_lock,
    "peek-message": _peek,
    "schedule-message": _schedule,
    "cancel-scheduled-message": _cancel_scheduled,
    "receive-by-sequence-number": _receive_deferred,
    "update-disposition": _update_disposition,
    "renew-session-lock": _renew_session_lock,
    "get-session-state": _get_session_state,
    "set-session-state": _set_session_state,
    "get-message-sessions": _list_sessions,
}
