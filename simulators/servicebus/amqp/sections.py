"""Look into an encoded message without decoding what is only relayed.

A broker that decodes and encodes again would turn 1.0 into 1 and a ulong into a long; these cut
the bytes at the right places and leave them as the sender wrote them.
"""

from collections.abc import Iterator

from simulators.servicebus.amqp.decoding import decode, skip
from simulators.servicebus.amqp.types import DecodeError, Encoded

_EMPTY_LIST = 0x45
_COUNT_WIDTHS = {0xC0: 1, 0xD0: 4, 0xC1: 1, 0xD1: 4}


def split_sections(message: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield (code, start of section, start of value, end) for each section of a message."""
    position = 0
    while position < len(message):
        if message[position] != 0:
            raise DecodeError(f"a section was expected at byte {position}")
        code, start = decode(message, position + 1)
        if not isinstance(code, int):
            raise DecodeError(f"the section at byte {position} has no numeric code")
        end = skip(message, start)
        yield code, position, start, end
        position = end


def raw_items(buffer: bytes, position: int = 0) -> list[Encoded]:
    """Return the items of the list or map at `position`, each still encoded."""
    end = skip(buffer, position)
    if buffer[position] == _EMPTY_LIST:
        return []
    width = _COUNT_WIDTHS.get(buffer[position])
    if width is None:
        raise DecodeError(f"a list or map was expected at byte {position}")
    position += 1 + 2 * width
    items = []
    while position < end:
        after = skip(buffer, position)
        items.append(Encoded(buffer[position:after]))
        position = after
    return items


def map_entries(buffer: bytes, position: int = 0) -> dict[str, bytes]:
    """Return the map at `position` as {key: key and value, still encoded}; keys become text."""
    items = raw_items(buffer, position)
    if len(items) % 2:
        raise DecodeError(f"the map at byte {position} has a key without a value")
    return {
        str(decode(key)[0]): key + value for key, value in zip(items[::2], items[1::2], strict=True)
    }
