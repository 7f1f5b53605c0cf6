"""How large the sources of a bundle are: what a later compile is compared with."""

from domain.difference import Difference
from domain.snapshot import Snapshot

TENANT = "tenant"
"""Stands for everyone inventoried, among the ids of groups."""


def sizes_of(difference: Difference, snapshot: Snapshot) -> dict[str, int]:
    """Return how many people each source group has, and the tenant."""
    return {TENANT: len(snapshot.people), **difference.entitled.sizes}
