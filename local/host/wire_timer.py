"""A timer tick as the .NET host puts it on the wire."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.host.protos import protos


@dataclass(frozen=True)
class ScheduleStatus:
    """When a monitored timer last ran and runs next; `last` is None before its first run."""

    last: datetime | None
    next: datetime
    updated: datetime | None = None


def timer_info(*, past_due: bool = False, status: ScheduleStatus | None = None) -> Any:
    """Return the trigger data of a timer function.

    Without `status` it looks as for a timer the host does not monitor (useMonitor off, or more
    often than once a minute): the schedule status is null.
    """
    times = status and {
        "Last": _iso(status.last or datetime.min.replace(tzinfo=UTC)),
        "Next": _iso(status.next),
        "LastUpdated": _iso(status.updated or status.last or datetime.min.replace(tzinfo=UTC)),
    }
    info = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": times, "IsPastDue": past_due}
    return protos.TypedData(json=json.dumps(info))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
