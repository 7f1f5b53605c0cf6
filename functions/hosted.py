"""What a trigger raises is written into the host's log, so it must not say what others said."""

from collections.abc import Awaitable

from domain.errors import SeatflowError
from domain.quoted import without_quoted


async def hosted[T](work: Awaitable[T]) -> T:
    """Wait for work; what it raises says all but the words of others, and not what led to it."""
    try:
        return await work
    except SeatflowError as error:
        error.args = (without_quoted(str(error)),)
        raise error from None
