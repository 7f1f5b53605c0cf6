"""Graph's write quota and what writes cost of it.

Source: Graph docs, throttling-limits, identity and access: 3,000 writes in 150 seconds for one app
in one tenant. What a PATCH of several members costs is not documented. It is either one write, or
one for every three members, as Microsoft told the makers of another client; so both are counted.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WRITES = 3_000
WINDOW = 150.0
"""Seconds."""

HEADROOM = 0.05
"""The share of the bucket that only urgent work may use, and that takes up what is uncertain."""

_REFERENCES = 20
_MEMBERS_PER_WRITE = 3
_NO_WRITES = re.compile(r"/(directoryObjects/getByIds|subscriptions)\b.*")


@dataclass(frozen=True, slots=True)
class Quota:
    """A bucket that fills with writes and drains evenly: `limit` writes in `window` seconds."""

    limit: float = WRITES
    window: float = WINDOW

    @property
    def rate(self) -> float:
        """Writes that drain in a second."""
        return self.limit / self.window

    @property
    def bulk(self) -> float:
        """How full bulk work may make the bucket."""
        return self.limit * (1 - HEADROOM)


@dataclass(frozen=True, slots=True)
class Cost:
    """Writes, if a PATCH of several members costs one, and if every three members cost one."""

    cheap: float = 0.0
    dear: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cheap + other.cheap, self.dear + other.dear)

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.cheap - other.cheap, self.dear - other.dear)

    @property
    def certain(self) -> bool:
        """Whether both ways to count come to the same."""
        return self.cheap == self.dear


NOTHING = Cost()


def cost_of_request(method: str, url: str, body: Mapping[str, Any] | None) -> Cost:
    """Return what one request costs, a batch the sum of its items; reading costs nothing here."""
    if method == "GET" or _NO_WRITES.match(url):
        return NOTHING
    if url == "/$batch":
        items = (body or {}).get("requests", ())
        costs = (cost_of_request(one["method"], one["url"], one.get("body")) for one in items)
        return sum(costs, NOTHING)
    references = (body or {}).get("members@odata.bind", ())
    return Cost(1, max(1, math.ceil(len(references) / _MEMBERS_PER_WRITE)))


def cost_of_changes(revokes: int, grants: int) -> Cost:
    """Return what taking out and adding so many people costs, when nothing must be repeated."""
    whole, rest = divmod(grants, _REFERENCES)
    patches = [_REFERENCES] * whole + [rest] * (rest > 0)
    dear = sum(math.ceil(members / _MEMBERS_PER_WRITE) for members in patches)
    return Cost(revokes + len(patches), revokes + dear)
