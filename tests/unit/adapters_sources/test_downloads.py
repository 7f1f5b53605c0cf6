"""Plain downloads: whole texts, or a sentence that tells nothing of the address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.sources.downloads import Downloads
from domain.errors import Later, Never, SeatflowError

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@asynccontextmanager
async def serving(*chunks: bytes, head: bytes = OK) -> AsyncIterator[str]:
    """Answer every request with these bytes, each in a packet of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head + b"\r\n")
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/file?secret=s3cr3t"


async def read(url: str) -> list[str]:
    return [line async for line in Downloads().lines(url, "the report")]


async def test_lines_come_whole_however_the_bytes_are_cut() -> None:
    text = "\ufeffname,ort\r\nJürgen,Köln\r\nlast".encode()
    async with serving(*(bytes([byte]) for byte in text)) as url:
        assert await read(url) == ["name,ort\r\n", "Jürgen,Köln\r\n", "last"]


@pytest.mark.parametrize(
    ("head", "body", "error", "words"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n", b"", Never, "refused with 403"),
        (b"HTTP/1.1 503 Busy\r\nConnection: close\r\n", b"", Later, "answered with 503"),
        (OK + b"Content-Length: 100\r\n", b"half", Later, "broke off: RemoteProtocolError"),
        (OK, b"\xff\xfe", Never, "no text in UTF-8"),
        (OK, b"x" * (2**20 + 1), Never, "no table of lines"),
    ],
)
async def test_what_is_not_whole_is_an_error_that_does_not_tell_the_address(
    head: bytes, body: bytes, error: type[SeatflowError], words: str
) -> None:
    async with serving(body, head=head) as url:
        with pytest.raises(error, match=words) as caught:
            await read(url)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://example.com/file", "file:///etc/passwd", "nowhere"])
async def test_only_https_leads_away_from_this_machine(url: str) -> None:
    with pytest.raises(Never, match="The address of the report is not https"):
        await read(url)


async def test_a_server_that_is_not_there_is_for_later() -> None:
    async with serving() as url:
        pass
    with pytest.raises(Later, match="broke off"):
        await read(url)
