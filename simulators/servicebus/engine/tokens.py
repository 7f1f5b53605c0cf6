"""Shared access signatures: does the token that came to $cbs hold?"""

import hashlib
import hmac
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from simulators.servicebus.broker.errors import unauthorized

_PREFIX = "SharedAccessSignature "


def check_token(token: Any, key: str, now: Callable[[], float] = time.time) -> None:
    """Raise BrokerError (401) unless the token was signed with `key` and is not over.

    The token's declared type is not looked at: azure-servicebus 7.15 calls a shared access
    signature a jwt. The signature is HMAC-SHA256 over the encoded resource and the expiry, as the
    SDK's `generate_sas_token` makes it. `now` is real time: a namespace whose clock was moved
    ahead still takes the tokens that clients make.
    """
    if not isinstance(token, str) or not token.startswith(_PREFIX):
        raise unauthorized("The simulator takes shared access signatures only.")
    parts = dict(part.partition("=")[::2] for part in token.removeprefix(_PREFIX).split("&"))
    expiry = parts.get("se", "")
    if not hmac.compare_digest(unquote_plus(parts.get("sig", "")).encode(), _sign(parts, key)):
        raise unauthorized("InvalidSignature: The token has an invalid signature.")
    if not expiry.isdecimal() or int(expiry) < now():
        raise unauthorized("ExpiredToken: The token is expired.")


def _sign(parts: dict[str, str], key: str) -> bytes:
    signed = f"{parts.get('sr', '')}\n{parts.get('se', '')}"
    return b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())
