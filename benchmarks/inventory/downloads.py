"""A process of its own, the baseline: httpx follows links and looks at nothing else.

It follows the two rounds, of people and of groups, at the same time, as the inventory does.
"""

import asyncio
import sys

import httpx

from benchmarks.world.measured import Measured, peak

_NEXT = b'"@odata.nextLink":"'


async def main(links: list[str]) -> None:
    """Download everything and report."""
    measured = Measured()
    async with httpx.AsyncClient(headers={"Authorization": "Bearer bare"}, timeout=60) as client:
        with measured.phase("download"):
            sizes = await asyncio.gather(*(_follow(client, link) for link in links))
    pages, size = (sum(each) for each in zip(*sizes, strict=True))
    measured.report(pages=pages, bytes=size, peak=peak())


async def _follow(client: httpx.AsyncClient, link: str) -> tuple[int, int]:
    pages = size = 0
    while link:
        body = (await client.get(link)).raise_for_status().content
        pages, size = pages + 1, size + len(body)
        _, _, rest = body.partition(_NEXT)
        link = rest.partition(b'"')[0].decode()
    return pages, size


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
