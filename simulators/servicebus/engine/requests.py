"""Requests to $cbs and $management, and their replies, as messages."""

from dataclasses import dataclass
from typing import Any

from simulators.servicebus.amqp import (
    DecodeError,
    Encoded,
    Int,
    Symbol,
    decode,
    raw_items,
    section,
    split_sections,
)
from simulators.servicebus.broker.errors import VENDOR, BrokerError, bad_argument
from simulators.servicebus.broker.management import Reply
from simulators.servicebus.broker.message_format import APPLICATION, PROPERTIES, VALUE

_MESSAGE_ID, _REPLY_TO = 0, 4
_NO_CONTENT = 204
_NULL = Encoded(b"\x40")


@dataclass(frozen=True, slots=True)
class Request:
    """A request; its message id stays encoded, since the reply must repeat it with its type."""

    message_id: Encoded
    reply_to: Any
    application: dict[Any, Any]
    body: Any

    @property
    def operation(self) -> str:
        """The name of the operation, empty when there is none."""
        return str(self.application.get("operation") or "")


def read_request(payload: bytes) -> Request:
    """Return the request in a message; BrokerError when it cannot be read."""
    try:
        return _read(payload)
    except DecodeError as error:
        raise bad_argument(f"The request cannot be decoded: {error}") from error


def _read(payload: bytes) -> Request:
    message_id, reply_to, application, body = _NULL, None, {}, None
    for code, _, start, _ in split_sections(payload):
        if code == PROPERTIES:
            properties = [*raw_items(payload, start), *[_NULL] * (_REPLY_TO + 1)]
            message_id, reply_to = properties[_MESSAGE_ID], decode(properties[_REPLY_TO])[0]
        elif code == APPLICATION:
            application = decode(payload, start)[0]
        elif code == VALUE:
            body = decode(payload, start)[0]
    if not isinstance(application, dict):
        raise bad_argument("The application properties are not a map.")
    return Request(message_id, reply_to, application, body)


def management_reply(request: Request, reply: Reply | BrokerError) -> bytes:
    """Return the answer of $management: `statusCode`, `statusDescription`, `errorCondition`."""
    application: dict[str, Any] = {"statusCode": Int(reply.status), "statusDescription": "OK"}
    body = None
    if isinstance(reply, BrokerError):
        application["statusDescription"] = reply.description
        application["errorCondition"] = Symbol(reply.condition)
    else:
        body = reply.body
        if reply.status == _NO_CONTENT:
            application["errorCondition"] = Symbol(f"{VENDOR}message-not-found")
    return _write(request, application, body)


def cbs_reply(request: Request, refusal: BrokerError | None) -> bytes:
    """Return the answer of $cbs: `status-code` and `status-description`."""
    if refusal is None:
        return _write(request, {"status-code": Int(202), "status-description": "Accepted"}, None)
    application = {
        "status-code": Int(refusal.status),
        "status-description": refusal.description,
        "error-condition": Symbol(refusal.condition),
    }
    return _write(request, application, None)


def _write(request: Request, application: dict[str, Any], body: Any) -> bytes:
    properties = [None, None, None, None, None, request.message_id]
    return (
        section(PROPERTIES, properties) + section(APPLICATION, application) + section(VALUE, body)
    )
