"""The quota's own lower bound: no client can be faster, however it asks."""

import math

from benchmarks.fulfillment.size import GROUPS, PatchCost, Size

_REFERENCES = 20
"""Members that one PATCH may add (Graph docs: group-post-members)."""
_REFERENCES_PER_WRITE = 3


def fewest_writes(size: Size, cost: PatchCost) -> int:
    """Return the fewest writes that make all the changes under a cost model.

    A removal is a write. Where a PATCH is one write, full ones are the cheapest; where it costs a
    third of its members, any number that three divides.
    """
    members = _REFERENCES if cost == "one" else _REFERENCES_PER_WRITE
    return GROUPS * (size.revokes + math.ceil(size.grants / members))


def single_writes(size: Size) -> int:
    """Return the writes of a client that adds members one by one."""
    return size.changes


def least_seconds(size: Size, writes: int) -> float:
    """Return the seconds that so many writes take at least: the burst at once, then the rate."""
    return max(0.0, (writes - size.burst) / size.rate)
