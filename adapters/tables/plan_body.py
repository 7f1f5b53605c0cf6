"""What a plan's blob holds: everyone it concerns. A blob of an older version lacks some of it."""

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from adapters.tables.packing import pack, unpack
from domain.change import Change
from domain.ledger import Leave, Wait
from domain.plan import Spared
from domain.records import StoredPlan


def write_body(stored: StoredPlan) -> bytes:
    """Return what a plan's blob holds."""
    packed, reasons = pack((*stored.changes, *stored.spared))
    body = {
        "reasons": reasons,
        "changes": packed[: len(stored.changes)],
        "waiting": _places(stored.waiting),
        "leaving": _places(stored.leaving),
        "spared": packed[len(stored.changes) :],
    }
    return gzip.compress(json.dumps(body, ensure_ascii=False).encode(), compresslevel=6, mtime=0)


def with_body(listed: StoredPlan, body: bytes) -> StoredPlan:
    """Return a listed plan with everyone it concerns."""
    data = json.loads(gzip.decompress(body))
    return replace(
        listed,
        changes=unpack(data["changes"], data["reasons"], Change),
        waiting=tuple(Wait(*place) for place in data["waiting"]),
        leaving=tuple(Leave(*place) for place in data.get("leaving", ())),
        spared=unpack(data.get("spared", ()), data["reasons"], Spared),
    )


def _places(places: Iterable[Wait | Leave]) -> list[Sequence[str]]:
    return [(place.person, place.since, place.reason) for place in places]
