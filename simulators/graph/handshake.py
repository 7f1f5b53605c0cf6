"""The validation handshake: an endpoint proves that it wants notifications by echoing a token.

Graph docs, change-notifications-delivery-webhooks.
"""

from http import HTTPStatus
from urllib.parse import quote
from uuid import uuid4

import aiohttp
from yarl import URL

from simulators.graph import errors
from simulators.graph.wire import JsonObject

MUST_ECHO = "Notification endpoint must respond with 200 OK to validation request."


async def validate(
    session: aiohttp.ClientSession, subscription: JsonObject, timeout: float
) -> None:
    """Call each address of a wanted subscription once; raise the 400 unless all echo."""
    for name in ("notificationUrl", "lifecycleNotificationUrl"):
        if subscription.get(name):
            await _validate(session, subscription[name], timeout)


async def _validate(session: aiohttp.ClientSession, address: str, timeout: float) -> None:
    token = f"Validation: Testing client application reachability. Request-Id: {uuid4()}"
    glue = "&" if "?" in address else "?"
    url = URL(f"{address}{glue}validationToken={quote(token, safe='')}", encoded=True)
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    limit = aiohttp.ClientTimeout(total=timeout)
    try:
        async with session.post(url, headers=headers, timeout=limit) as answer:
            body = await answer.text()
    except TimeoutError:
        raise errors.validation_failed("The operation has timed out") from None
    except aiohttp.ClientError:
        raise errors.validation_failed(MUST_ECHO) from None
    if answer.status != HTTPStatus.OK:
        name = HTTPStatus(answer.status).phrase.replace(" ", "")
        raise errors.validation_failed(f"HTTP status code is '{name}'")
    if answer.content_type != "text/plain" or body != token:
        raise errors.validation_failed(MUST_ECHO)
