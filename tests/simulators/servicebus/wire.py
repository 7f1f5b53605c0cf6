"""A bare AMQP client: what the SDK hides is what some promises are about."""

import asyncio
import hashlib
import hmac
import time
from base64 import b64encode
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote_plus

from simulators.servicebus.amqp import Described, Encoded, Symbol, UInt, ULong, decode, section
from simulators.servicebus.engine.framing import AMQP_HEADER, Frame, FrameReader, write_frame
from simulators.servicebus.engine.performatives import (
    Attach,
    Begin,
    Detach,
    Disposition,
    Flow,
    Open,
    Performative,
    Transfer,
    read_performative,
)
from tests.simulators.servicebus.process import KEY

SESSION_FILTER = Symbol("com.microsoft:session-filter")
ACCEPTED, REJECTED, RELEASED, MODIFIED = 0x24, 0x25, 0x26, 0x27


def source(address: str, session: Any = False) -> Described:
    """Return a source; with `session` an id, or None for the next available one."""
    filters = None if session is False else {SESSION_FILTER: session}
    fields = [address, UInt(2), Symbol("never"), UInt(30), False, None, None, filters]
    return Described(ULong(0x28), fields)


def target(address: str) -> Described:
    """Return a target."""
    return Described(ULong(0x29), [address, UInt(0), None, UInt(0)])


def body(text: str, session: str | None = None) -> bytes:
    """Return an encoded message."""
    properties = [None] * 10 + [session]
    return section(0x73, properties) + section(0x75, text.encode())


def token(port: int, expiry: float | None = None) -> str:
    """Return a shared access signature made with the right key."""
    resource, moment = quote_plus(f"sb://127.0.0.1:{port}"), int(expiry or time.time() + 3600)
    mac = hmac.new(KEY.encode(), f"{resource}\n{moment}".encode(), hashlib.sha256)
    signature = quote_plus(b64encode(mac.digest()))
    return f"SharedAccessSignature sr={resource}&sig={signature}&se={moment}&skn=Root"


class WireClient:
    """One connection with one AMQP session; frames are read in the order they come."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._frames = FrameReader()
        self._arrived: list[tuple[Performative, bytes]] = []
        self._next_id = 0
        self._handle = 100

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(AMQP_HEADER)
        self.send(Open("wire", max_frame_size=1 << 16))
        self.send(Begin(next_outgoing_id=0, incoming_window=1000, outgoing_window=1000))
        await self.expect(Open)
        await self.expect(Begin)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    def send(self, performative: Performative, payload: bytes = b"") -> None:
        """Send one frame."""
        self._writer.write(write_frame(0, performative.encode() + payload))

    def send_bytes(self, data: bytes) -> None:
        """Send anything."""
        self._writer.write(data)

    async def expect[P: Performative](self, kind: type[P]) -> P:
        """Return the next frame, which must be of this kind."""
        return (await self.expect_with_payload(kind))[0]

    async def expect_with_payload[P: Performative](self, kind: type[P]) -> tuple[P, bytes]:
        """Return the next frame, which must be of this kind, and what follows the performative."""
        while not self._arrived:
            await self._read()
        performative, payload = self._arrived.pop(0)
        assert isinstance(performative, kind), performative
        return performative, payload

    async def _read(self) -> None:
        async with asyncio.timeout(30):
            data = await self._reader.read(1 << 16)
        assert data, "the simulator ended the connection"
        for item in self._frames.feed(data):
            if isinstance(item, Frame) and item.body:
                described, end = decode(item.body)
                self._arrived.append((read_performative(described), item.body[end:]))

    async def closed_by_peer(self) -> bool:
        """Whether the simulator ends the connection."""
        async with asyncio.timeout(30):
            try:
                while await self._reader.read(1 << 16):
                    pass
            except ConnectionResetError:
                pass
        return True

    # links

    async def authorize(self, with_token: str | None = None) -> dict[str, Any]:
        """Put a token on $cbs, the right one if none is given; return the answer's properties."""
        request = section(0x73, ["cbs-1", None, None, None, "cbs-reply"])
        request += section(0x74, {"operation": "put-token", "type": "jwt"})
        request += section(0x77, with_token or token(self.port))
        self._handle += 2
        return (await self.request("$cbs", self._handle, request))[1]

    async def request(
        self, node: str, handle: int, message: bytes
    ) -> tuple[list[Encoded | Any], dict[str, Any], Any]:
        """Send a request to a node on a new pair of links; return the reply's sections."""
        replies = Attach(f"out-{handle}", handle, True, source=source(node), target=target("r"))
        self.send(replies)
        await self.expect(Attach)
        self.send(Flow(None, 1000, 0, 1000, handle, 0, 10))
        await self.attach_sender(node, handle + 1)
        await self.transfer(handle + 1, message, answered=False)
        answer = (await self.expect_with_payload(Transfer))[1]
        await self.expect(Disposition)
        sections, position = [], 0
        while position < len(answer):
            described, position = decode(answer, position)
            sections.append(described.value)
        return sections[0], sections[1], sections[2]

    async def attach_sender(self, address: str, handle: int) -> Attach:
        """Attach a link to send on, and wait for its credit."""
        self.send(Attach(f"in-{handle}", handle, False, 0, 1, source("me"), target(address)))
        answer = await self.expect(Attach)
        if answer.target is not None:
            await self.expect(Flow)
        return answer

    def attach_receiver(self, address: str, handle: int, session: Any = False) -> None:
        """Ask for a link to receive on."""
        self.send(
            Attach(f"out-{handle}", handle, True, 0, 1, source(address, session), target("me"))
        )

    def credit(self, handle: int, count: int, seen: int = 0, *, drain: bool = False) -> None:
        """Give a receiving link credit, `seen` deliveries after its start."""
        self.send(Flow(None, 1000, 0, 1000, handle, seen, count, drain=drain))

    async def transfer(self, handle: int, message: bytes, *, answered: bool = True) -> Described:
        """Send one message; return the state it was answered with."""
        number, self._next_id = self._next_id, self._next_id + 1
        self.send(Transfer(handle, number, number.to_bytes(4), 0, settled=False), message)
        if not answered:
            return Described(None, None)
        answer = await self.expect(Disposition)
        assert (answer.role, answer.first, answer.last, answer.settled) == (
            *(True, number, number, True),
        )
        assert answer.state is not None
        return answer.state

    def settle(self, first: int, last: int, code: int, fields: list[Any] | None = None) -> None:
        """Say what became of deliveries, and wait for the answer as the SDK does."""
        self.send(Disposition(True, first, last, False, Described(ULong(code), fields or [])))

    async def detach(self, handle: int) -> None:
        """Close a link."""
        self.send(Detach(handle, closed=True))
        await self.expect(Detach)
