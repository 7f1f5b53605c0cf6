"""Address: does PUBLIC_URL lead to this app, as Graph would call it.

It is called from here, over the same name. That Graph itself reaches it is proven by its own
validation when a watch is made; `watches` looks at those.
"""

import base64
import json
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
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
        try:
            return [
                await _answers(session, url),
                *await _locked(session, url, around.settings.sign_in),
            ]
        except (aiohttp.ClientError, TimeoutError) as problem:
            return [error(f"{url} cannot be reached: {type(problem).__name__}. {_FIX}")]


async def _answers(session: aiohttp.ClientSession, url: str) -> Observation:
    hook = f"{url}/api/graph/notifications?validationToken={quote(_TOKEN)}"
    async with session.post(hook) as reply:
        if reply.status == 200 and await reply.text() == _TOKEN:
            return fine(f"{url} answers as Graph wants it.")
        said = f"{url} answers {reply.status} where Graph expects its token back."
    return error(f"{said} {_FIX}")


async def _locked(session: aiohttp.ClientSession, url: str, sign_in: str) -> Sequence[Observation]:
    """Try to get in by saying that Easy Auth vouches for us, which only it may say."""
    if sign_in == "local":
        return []
    claims = {"claims": [{"typ": "roles", "val": "Reader"}]}
    forged = base64.b64encode(json.dumps(claims).encode()).decode()
    headers = {"x-ms-client-principal": forged, "x-ms-client-principal-name": "doctor"}
    async with session.get(f"{url}/api/v1/openapi.json", headers=headers) as reply:
        if reply.status == 200:
            return [
                error(
                    "Whoever says that Easy Auth knows him is believed, since it is not on: switch"
                    " it on, or set SIGN_IN to none."
                )
            ]
    return [fine("Nobody gets in by saying that Easy Auth knows him.")]
