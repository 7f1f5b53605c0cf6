"""How much of everything a month takes, for a tenant of some size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from infra.settings_page.azure import in_azure

DAYS = 30
MEMORY_GB = 2.0
"""Of an instance: `instanceMemory` of infra/main.bicep."""

type PerTick = Callable[[int], int]
"""Storage requests of one run where nothing is to be done, by the number of bundles.

Measured on the local stack, with 10 and 20 bundles.
"""

REQUESTS: Mapping[str, PerTick] = {
    "INVENTORY_SCHEDULE": lambda bundles: 11,
    "COMPILE_SCHEDULE": lambda bundles: 5 + 2 * bundles,
    "CONFIRM_SCHEDULE": lambda bundles: 2 + bundles,
    "SWEEP_SCHEDULE": lambda bundles: 3 + bundles,
    "DEAD_LETTERS_SCHEDULE": lambda bundles: 0,
    "RENEW_WATCHES_SCHEDULE": lambda bundles: 1,
}
OF_A_KIND = 3
"""The same for a look whether a further kind of facts is due."""
OF_A_CHANGE = 8
"""From the decision to the confirmation, with small pages; large ones need less."""
OF_A_NOTIFICATION = 3
OPERATIONS = 4
"""Of Service Bus for a message: send, receive, settle, and the session."""
LEAST_SECONDS = 1.0
"""An execution is billed for a second at least (Azure Functions docs: Flex Consumption plan)."""
LOG_BYTES = 2_000
"""Of one execution in Log Analytics: the host's record and the app's. An assumption."""
LOG_BYTES_OF_A_CHANGE = 2_000
"""Two lines of a kilobyte: docs/telemetry.md."""
SNAPSHOT_BYTES = 85
"""Of one person in a snapshot; measured at a million."""
SNAPSHOTS = 24 + 48 + 30 + 12
"""Kept at most, by the default of SNAPSHOT_RETENTION with an inventory every five minutes."""
CHANGE_BYTES = 3_600
"""Of a change in the history, if each stands alone."""


@dataclass(frozen=True)
class Tenant:
    """What a month depends on. How much changes is an assumption: put your own numbers in."""

    people: int
    bundles: int
    inventory_seconds: float
    """Of a run that finds nothing changed."""
    compile_seconds: float

    @property
    def changes(self) -> int:
        """Grants and revokes: of one person in twenty."""
        return self.people // 20

    @property
    def notifications(self) -> int:
        """One for each person, each in a call of its own; Graph puts several into one."""
        return self.people


@dataclass(frozen=True)
class Month:
    """The quantities that are billed."""

    executions: int
    gb_seconds: float
    operations: int
    requests: int
    stored_gb: float
    logged_gb: float


def month_of(tenant: Tenant) -> Month:
    """Return what a month takes."""
    runs = {name: DAYS * runs_a_day(when) for name, when in _schedules().items()}
    slow = {
        "INVENTORY_SCHEDULE": tenant.inventory_seconds,
        "COMPILE_SCHEDULE": tenant.compile_seconds,
    }
    messages = tenant.changes + tenant.notifications
    triggered = messages + tenant.notifications  # a webhook's call, and the hint it puts
    seconds = sum(n * max(LEAST_SECONDS, slow.get(name, 0.0)) for name, n in runs.items())
    executions = sum(runs.values()) + triggered
    return Month(
        executions=executions,
        gb_seconds=(seconds + triggered * LEAST_SECONDS) * MEMORY_GB,
        operations=messages * OPERATIONS,
        requests=sum(n * _requests(name, tenant.bundles) for name, n in runs.items())
        + tenant.changes * OF_A_CHANGE
        + tenant.notifications * OF_A_NOTIFICATION,
        stored_gb=(tenant.people * SNAPSHOT_BYTES * SNAPSHOTS + tenant.changes * CHANGE_BYTES)
        / 1e9,
        logged_gb=(executions * LOG_BYTES + tenant.changes * LOG_BYTES_OF_A_CHANGE) / 1e9,
    )


def runs_a_day(schedule: str) -> int:
    """Return how often a timer runs a day; six fields of `*`, `*/n` or one number."""
    runs = 1
    for field, size in zip(schedule.split()[:3], (60, 60, 24), strict=True):
        runs *= size // int(field[2:] or 1) if field.startswith("*/") else size ** (field == "*")
    return runs


def _schedules() -> dict[str, str]:
    return {
        name: value.strip("`") for name, value in in_azure().items() if name.endswith("_SCHEDULE")
    }


def _requests(schedule: str, bundles: int) -> int:
    return REQUESTS[schedule](bundles) if schedule in REQUESTS else OF_A_KIND
