"""Page and delta tokens: opaque to the client, a position and an age to us."""

import base64
import binascii
from typing import Any

import orjson

from simulators.graph import errors
from simulators.graph.clock import Clock
from simulators.graph.directory import Directory


class Tokens:
    """Issues tokens and says how old those are that come back."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock

    def issue(self, content: dict[str, Any]) -> str:
        """Return a token for this content, dated now."""
        dated = content | {"t": self._clock.now(), "g": self._directory.generation}
        return base64.urlsafe_b64encode(orjson.dumps(dated)).decode().rstrip("=")

    def read(self, token: str, ttl: float) -> dict[str, Any] | None:
        """Return a token's content, None when it is too old; raise the 400 for no token of ours."""
        try:
            content = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            issued, generation = float(content["t"]), int(content["g"])
        except (binascii.Error, orjson.JSONDecodeError, TypeError, KeyError, ValueError):
            raise errors.bad_request("Badly formed token.") from None
        if generation != self._directory.generation or self._clock.now() - issued > ttl:
            return None
        return dict(content)
