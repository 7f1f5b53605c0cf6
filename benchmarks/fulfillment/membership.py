"""Check in the end that everyone who should be is a member, and nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.api import Web


@dataclass(frozen=True)
class Wrong:
    """How many memberships are not as they should be."""

    missing: int
    strangers: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.strangers)

    def __str__(self) -> str:
        if not self:
            return "membership is as it should be"
        return f"WRONG: {self.missing:,} not granted, {self.strangers:,} not revoked"


async def compared(graph: Web, expected: Mapping[str, frozenset[str]]) -> Wrong:
    """Compare the simulator's groups with what is expected."""
    tenant = await graph.ask("GET", "/__sim/tenant")
    found = {group["id"]: frozenset(group["members"]) for group in tenant["groups"]}
    missing = sum(len(people - found[group]) for group, people in expected.items())
    strangers = sum(len(found[group] - people) for group, people in expected.items())
    return Wrong(missing, strangers)
