"""The rest of the world, and all of it together."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.fact import Mode
from domain.ports.checks import Checks, NoChecks
from domain.ports.controls import Switches
from domain.ports.directory import Directory, Targets
from domain.ports.ledger import Ledger
from domain.ports.notices import Notices
from domain.ports.queue import Queue
from domain.ports.records import Bundles, Plans, Runs
from domain.ports.shelves import Shelves, Sources
from domain.ports.telemetry import Silence, Telemetry
from domain.ports.warehouse import Warehouse
from domain.ports.watches import Watches


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        ...


class Log(Protocol):
    """Where jobs say what they did: one line an event, object ids and counts only."""

    def note(self, event: str, **facts: str | int | float) -> None:
        """Write one line."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a job may touch."""

    directory: Directory
    targets: Targets
    warehouse: Warehouse
    ledger: Ledger
    bundles: Bundles
    plans: Plans
    runs: Runs
    queue: Queue
    watches: Watches
    notices: Notices
    switches: Switches
    shelves: Shelves
    sources: Sources
    clock: Clock
    log: Log
    mode: Mode = "live"
    """Whether anything may be sent, by the app's settings."""
    kinds: frozenset[str] = frozenset()
    """The further kinds of facts that are switched on."""
    checks: Checks = field(default_factory=NoChecks)
    """What `doctor` looks at outside."""
    features: frozenset[str] = frozenset()
    """Those that are on by the app's settings; see `domain.permissions`."""
    telemetry: Telemetry = field(default_factory=Silence)
