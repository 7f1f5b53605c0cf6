"""Deliveries on their way to the peer: numbered, cut into frames, within the peer's window."""

import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulators.servicebus.engine.performatives import Flow, Performative, Transfer

if TYPE_CHECKING:
    from simulators.servicebus.engine.queue_links import QueueOutlet

FIRST_ID = 0x40000000
"""Far from the client's own ids: pyamqp's sender links ignore the role of a disposition."""

_FRAME_OVERHEAD = 128


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message for the link with this handle; `outlet` when an outcome is expected."""

    handle: int
    payload: bytes
    tag: bytes
    settled: bool
    outlet: "QueueOutlet | None" = None


class Outbox:
    """The outgoing half of an AMQP session."""

    def __init__(
        self, write: Callable[[Performative, bytes], None], max_frame: int, window: int
    ) -> None:
        self._write = write
        self._room = max_frame - _FRAME_OVERHEAD
        self._window = window
        self._waiting: deque[Delivery] = deque()
        self._unsettled: dict[int, tuple[QueueOutlet, uuid.UUID]] = {}
        self.next_id = FIRST_ID

    def send(self, delivery: Delivery) -> None:
        """Send the delivery now, or when the peer has room for it."""
        if self._window > 0 and not self._waiting:
            self._transfer(delivery)
        else:
            self._waiting.append(delivery)

    def _transfer(self, delivery: Delivery) -> None:
        number, payload = self.next_id, delivery.payload
        if delivery.outlet is not None and not delivery.settled:
            self._unsettled[number] = (delivery.outlet, uuid.UUID(bytes_le=delivery.tag))
        for start in range(0, len(payload) or 1, self._room):
            head = Transfer(
                handle=delivery.handle,
                delivery_id=number,
                delivery_tag=delivery.tag,
                message_format=0,
                settled=delivery.settled,
                more=start + self._room < len(payload),
            )
            self._write(head, payload[start : start + self._room])
            self.next_id += 1
            self._window -= 1

    def open_window(self, flow: Flow) -> None:
        """Take the peer's window from a flow and send what had to wait for it."""
        expected = FIRST_ID if flow.next_incoming_id is None else flow.next_incoming_id
        self._window = expected + (flow.incoming_window or 0) - self.next_id
        while self._waiting and self._window > 0:
            self._transfer(self._waiting.popleft())

    def take_settled(
        self, first: int, last: int
    ) -> "list[tuple[int, tuple[QueueOutlet, uuid.UUID]]]":
        """Forget and return the unsettled deliveries from `first` to `last`."""
        if first == last:
            numbers = [first] if first in self._unsettled else []
        else:  # by what there is: a range from a stranger may be four billion long
            numbers = [number for number in self._unsettled if first <= number <= last]
        return [(number, self._unsettled.pop(number)) for number in numbers]

    def forget(self, handle: int) -> None:
        """Drop what concerns a link that is gone."""
        self._waiting = deque(d for d in self._waiting if d.handle != handle)
        self._unsettled = {
            number: entry for number, entry in self._unsettled.items() if entry[0].handle != handle
        }
