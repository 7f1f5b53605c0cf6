"""Address: does PUBLIC_URL lead to this app, as Graph would call it.

It is called from here, over the same name. That Graph itself reaches it is proven by its own
validation when a watch is made; `watches` looks at those.
"""

from collections.abc import Sequence
from urllib.parse import quote

import aiohttp

from adapters.checks.around import Around
from domain.doctor import Observation, Subject, error, fine, note

NAME, PAGE, PLACE = "address", "docs/settings.md", 40

_TOKEN = "doctor asks whether this is Seatflow"
_PATIENCE = aiohttp.ClientTimeout(total=15)
_FIX = "Set PUBLIC_URL to the app's address, and let the internet reach /api/graph."


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Do what Graph does first with a webhook: ask it to repeat a token."""
    url = around.settings.public_url
    if url is None:
        return [note("PUBLIC_URL is not set, so there is no address to look at.")]
    hook = f"{url}/api/graph/notifications?validationToken={quote(_TOKEN)}"
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.post(hook) as reply,
        ):
            if reply.status == 200 and await reply.text() == _TOKEN:
                return [fine(f"{url} answers as Graph wants it.")]
            said = f"{url} answers {reply.status} where Graph expects its token back."
    except (aiohttp.ClientError, TimeoutError) as problem:
        said = f"{url} cannot be reached: {type(problem).__name__}."
    return [error(f"{said} {_FIX}")]
