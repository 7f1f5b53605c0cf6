"""Plain downloads: text by lines, with no token of ours.

A report's address carries its own permission, so neither it nor what it holds gets into an error.
"""

import codecs
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from domain.errors import Later, Never

_TIMEOUT = httpx.Timeout(60, connect=10)
_AGAIN = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST = 2**20
"""Characters of one line; more is no table."""


class Downloads:
    """Reads texts from addresses; connects for each."""

    async def lines(self, url: str, what: str) -> AsyncIterator[str]:
        """Yield the lines of a UTF-8 text, each with its line break; a byte order mark is dropped.

        Args:
            url: https, or http on this machine.
            what: what it is, for errors.

        Raises:
            Later: it cannot be had now, or the connection broke.
            Never: the address is refused or leads nowhere.
        """
        _check(url, what)
        try:
            async with (
                httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=True) as client,
                client.stream("GET", url) as answer,
            ):
                _refuse(answer.status_code, what)
                async for line in _lines(answer.aiter_bytes(), what):
                    yield line
        except httpx.HTTPError as error:
            kind = type(error).__name__
            raise Later(f"The download of {what} broke off: {kind}.", _AGAIN) from None


def _check(url: str, what: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise Never(f"The address of {what} is not https.")


def _refuse(status: int, what: str) -> None:
    if status == httpx.codes.OK:
        return
    if status in (403, 404, 410):
        # An address that Graph gave is good for minutes only: the next read gets another.
        raise Never(f"The download of {what} was refused with {status}.")
    raise Later(f"The download of {what} was answered with {status}.", _AGAIN)


async def _lines(chunks: AsyncIterator[bytes], what: str) -> AsyncIterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    try:
        async for chunk in chunks:
            *whole, rest = (rest + decoder.decode(chunk)).split("\n")
            for line in whole:
                yield line + "\n"
            if len(rest) > _LONGEST:
                raise Never(f"{what} is no table of lines.")
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Never(f"{what} is no text in UTF-8.") from None
    if rest:
        yield rest
