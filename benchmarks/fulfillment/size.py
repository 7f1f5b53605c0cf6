"""How much work there is and how fast the quota's clock runs, as the environment says.

BENCH_SCALE (0.1): the part of 30,000 grants and 6,000 revokes that is made. The quota's burst
shrinks with it, so that the part of the work the burst carries stays the same. Below 0.1 the burst
is so small that it drains while a client waits its fixed seconds, and that a few batches fill it.
BENCH_COMPRESSION (1): how many seconds of Graph's time pass in one of ours: with 5, 20 writes a
second become 100. Too many, and the machine is measured instead of the pacing: where a PATCH is one
write, the quota alone allows 160 changes a second.
BENCH_PATCH_COST (both): `one` or `third` measures under that cost model only.
BENCH_LATENCY (0): seconds that every answer of Graph takes.
"""

import os
from dataclasses import dataclass
from typing import Any, Literal, Self

type PatchCost = Literal["one", "third"]

GROUPS = 40
_GRANTS, _REVOKES = 30_000, 6_000
_WRITES, _WINDOW_S = 3_000, 150.0
_TENANT_WRITES, _TENANT_WINDOW_S = 18_000, 300.0
_UNITS, _UNIT_WINDOW_S = 8_000, 10.0
_SESSION_IDLE_S = 2.0
"""As host.json says."""


@dataclass(frozen=True)
class Size:
    """The size of one measurement; the same for everyone who is measured."""

    scale: float = 0.1
    compression: float = 1.0
    costs: tuple[PatchCost, ...] = ("one", "third")
    latency_s: float = 0.0

    @classmethod
    def read(cls) -> Self:
        """Read the environment."""
        asked = os.environ.get("BENCH_PATCH_COST")
        known: dict[str, PatchCost] = {"one": "one", "third": "third"}
        return cls(
            scale=float(os.environ.get("BENCH_SCALE", cls.scale)),
            compression=float(os.environ.get("BENCH_COMPRESSION", cls.compression)),
            costs=(known[asked],) if asked else cls.costs,
            latency_s=float(os.environ.get("BENCH_LATENCY", cls.latency_s)),
        )

    @property
    def grants(self) -> int:
        """Grants in each group."""
        return max(1, round(_GRANTS * self.scale / GROUPS))

    @property
    def revokes(self) -> int:
        """Revokes in each group."""
        return max(1, round(_REVOKES * self.scale / GROUPS))

    @property
    def changes(self) -> int:
        """All changes."""
        return GROUPS * (self.grants + self.revokes)

    @property
    def burst(self) -> int:
        """Writes that Graph takes at once."""
        return max(1, round(_WRITES * self.scale))

    @property
    def window_s(self) -> float:
        """Our seconds in which a full quota drains."""
        return _WINDOW_S * self.scale / self.compression

    @property
    def rate(self) -> float:
        """Writes that Graph takes in one of our seconds, for ever."""
        return self.burst / self.window_s

    def simulated(self, cost: PatchCost) -> dict[str, Any]:
        """Return the simulator's settings for this quota."""
        return {
            "throttling": True,
            "patch_cost": cost,
            "writes": self.burst,
            "write_window": self.window_s,
            "tenant_writes": max(1, round(_TENANT_WRITES * self.scale)),
            "tenant_write_window": _TENANT_WINDOW_S * self.scale / self.compression,
            "resource_unit_window": _UNIT_WINDOW_S / self.compression,
            "latency": self.latency_s,
        }

    def believed(self) -> dict[str, str]:
        """Return the app settings that tell Seatflow the same quota."""
        return self._told(self.burst, self.window_s)

    def unlimited(self) -> dict[str, str]:
        """Return the app settings that tell Seatflow of a quota nobody can use up."""
        return self._told(1_000_000, 1.0)

    def _told(self, writes: int, window_s: float) -> dict[str, str]:
        """Return the settings of a quota.

        The host's wait on an idle session shrinks like the work does: 40 groups share 8 sessions
        at a time, so five such waits would be a tenth of a run that is a tenth as long.
        """
        idle_s = _SESSION_IDLE_S * self.scale / self.compression
        return {
            "GRAPH_WRITE_QUOTA": str(writes),
            "GRAPH_WRITE_WINDOW": f"{window_s:g}",
            "GRAPH_UNIT_QUOTA": str(round(_UNITS * self.compression)),
            "AzureFunctionsJobHost__extensions__serviceBus__sessionIdleTimeout": (
                f"00:00:{idle_s:06.3f}"
            ),
        }
