"""The AMQP performatives and the SASL ones, with the fields a server reads and writes.

A frame's fields come from a stranger: `read` checks their types once, so that nothing behind it
has to. Sent lists keep their trailing nulls, because pyamqp indexes some fields without looking.
Codes and fields: AMQP 1.0 part 2, section 2.7, and part 5, section 5.3.3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from simulators.servicebus.amqp import Array, Described, UByte, UInt, ULong, UShort, section


class ProtocolError(Exception):
    """The peer does not speak the protocol; its connection ends."""


class Performative:
    """Fields by position: `KINDS` are their AMQP types, the first `NEEDED` are never null."""

    CODE: ClassVar[int]
    KINDS: ClassVar[tuple[type, ...]]
    NEEDED: ClassVar[int] = 0
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def read(cls, values: Any) -> Self:
        """Return the performative; ProtocolError when a field is missing or of another type."""
        if not isinstance(values, list) or len(values) > len(cls.KINDS):
            raise ProtocolError(f"malformed {cls.__name__}")
        values = values + [None] * (len(cls.KINDS) - len(values))
        if None in values[: cls.NEEDED]:
            raise ProtocolError(f"{cls.__name__} lacks a field it needs")
        for value, kind in zip(values, cls.KINDS, strict=True):
            if value is not None and not isinstance(value, int if kind in _WRAPPED else kind):
                raise ProtocolError(f"{cls.__name__} has {value!r} where {kind.__name__} belongs")
        return cls(*values)

    def encode(self) -> bytes:
        """Return the performative as a described list."""
        pairs = zip(self.__dataclass_fields__, self.KINDS, strict=True)
        return section(self.CODE, [_wrap(getattr(self, name), kind) for name, kind in pairs])


_WRAPPED: dict[type, Callable[[int], int]] = {
    UByte: UByte,
    UShort: UShort,
    UInt: UInt,
    ULong: ULong,
}


def _wrap(value: Any, kind: type) -> Any:
    wrap = _WRAPPED.get(kind)
    return value if wrap is None or value is None else wrap(value)


@dataclass(slots=True)
class Open(Performative):
    """Begin a connection."""

    CODE = 0x10
    KINDS = (str, str, UInt, UShort, UInt, object, object, object, object, dict)
    NEEDED = 1
    container_id: str
    hostname: str | None = None
    max_frame_size: int | None = None
    channel_max: int | None = None
    idle_time_out: int | None = None
    outgoing_locales: Any = None
    incoming_locales: Any = None
    offered_capabilities: Any = None
    desired_capabilities: Any = None
    properties: dict[Any, Any] | None = None


@dataclass(slots=True)
class Begin(Performative):
    """Begin an AMQP session on a channel."""

    CODE = 0x11
    KINDS = (UShort, UInt, UInt, UInt, UInt, object, object, dict)
    remote_channel: int | None = None
    next_outgoing_id: int | None = None
    incoming_window: int | None = None
    outgoing_window: int | None = None
    handle_max: int | None = None
    offered_capabilities: Any = None
    desired_capabilities: Any = None
    properties: dict[Any, Any] | None = None


@dataclass(slots=True)
class Attach(Performative):
    """Attach a link; `role` is true for the side that receives."""

    CODE = 0x12
    KINDS = (
        *(str, UInt, bool, UByte, UByte, Described, Described),
        *(object, bool, UInt, ULong, object, object, dict),
    )
    NEEDED = 3
    name: str
    handle: int
    role: bool
    snd_settle_mode: int | None = None
    rcv_settle_mode: int | None = None
    source: Described | None = None
    target: Described | None = None
    unsettled: Any = None
    incomplete_unsettled: bool | None = None
    initial_delivery_count: int | None = None
    max_message_size: int | None = None
    offered_capabilities: Any = None
    desired_capabilities: Any = None
    properties: dict[Any, Any] | None = None


@dataclass(slots=True)
class Flow(Performative):
    """Windows of the session and, with a handle, credit of a link."""

    CODE = 0x13
    KINDS = (UInt, UInt, UInt, UInt, UInt, UInt, UInt, UInt, bool, bool, dict)
    next_incoming_id: int | None = None
    incoming_window: int | None = None
    next_outgoing_id: int | None = None
    outgoing_window: int | None = None
    handle: int | None = None
    delivery_count: int | None = None
    link_credit: int | None = None
    available: int | None = None
    drain: bool | None = None
    echo: bool | None = None
    properties: dict[Any, Any] | None = None


@dataclass(slots=True)
class Transfer(Performative):
    """Carry a message, or with `more` a part of one."""

    CODE = 0x14
    KINDS = (UInt, UInt, bytes, UInt, bool, bool, UByte, object, bool, bool, bool)
    NEEDED = 1
    handle: int
    delivery_id: int | None = None
    delivery_tag: bytes | None = None
    message_format: int | None = None
    settled: bool | None = None
    more: bool | None = None
    rcv_settle_mode: int | None = None
    state: Any = None
    resume: bool | None = None
    aborted: bool | None = None
    batchable: bool | None = None


@dataclass(slots=True)
class Disposition(Performative):
    """Say what became of deliveries `first` to `last`."""

    CODE = 0x15
    KINDS = (bool, UInt, UInt, bool, Described, bool)
    NEEDED = 2
    role: bool
    first: int
    last: int | None = None
    settled: bool | None = None
    state: Described | None = None
    batchable: bool | None = None


@dataclass(slots=True)
class Detach(Performative):
    """Detach a link, for good if `closed`."""

    CODE = 0x16
    KINDS = (UInt, bool, Described)
    NEEDED = 1
    handle: int
    closed: bool | None = None
    error: Described | None = None


@dataclass(slots=True)
class End(Performative):
    """End an AMQP session."""

    CODE = 0x17
    KINDS = (Described,)
    error: Described | None = None


@dataclass(slots=True)
class Close(Performative):
    """End a connection."""

    CODE = 0x18
    KINDS = (Described,)
    error: Described | None = None


@dataclass(slots=True)
class SaslMechanisms(Performative):
    """Offer ways to authenticate."""

    CODE = 0x40
    KINDS = (Array,)
    mechanisms: Array


@dataclass(slots=True)
class SaslInit(Performative):
    """Choose one; it does not matter which, the token on $cbs is what counts."""

    CODE = 0x41
    KINDS = (str, bytes, str)
    mechanism: str | None = None
    initial_response: bytes | None = None
    hostname: str | None = None


@dataclass(slots=True)
class SaslOutcome(Performative):
    """Say how authentication went; 0 is well."""

    CODE = 0x44
    KINDS = (UByte, bytes)
    code: int
    additional_data: bytes | None = None


_READABLE: dict[int, type[Performative]] = {
    kind.CODE: kind
    for kind in (Open, Begin, Attach, Flow, Transfer, Disposition, Detach, End, Close, SaslInit)
}


def read_performative(described: Any) -> Performative:
    """Return the performative a frame starts with; ProtocolError when there is none."""
    code = described.descriptor if isinstance(described, Described) else None
    kind = _READABLE.get(code) if isinstance(code, int) else None
    if kind is None:
        raise ProtocolError(f"no performative: {described!r}"[:200])
    return kind.read(described.value)
