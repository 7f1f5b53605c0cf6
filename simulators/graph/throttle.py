"""Throttling of identity and access: resource units and writes, as leaky quotas with headers.

Graph docs, throttling-limits: per application and tenant 3,500/5,000/8,000 resource units per
10 s by tenant size and 3,000 writes per 150 s; per tenant 18,000 writes per 5 minutes. Rejected
calls count too, so hammering keeps the door shut.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from simulators.graph import errors
from simulators.graph.clock import Clock
from simulators.graph.directory import Directory
from simulators.graph.settings import Settings

SMALL_TENANT, MEDIUM_TENANT = 50, 500
FULLEST = 1.8  # the header goes no higher
TELLING = 0.8  # and is absent below


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request costs."""

    resource_units: int = 0
    writes: int = 0


class Quota:
    """A bucket that fills with use and drains evenly over its window."""

    def __init__(self, limit: Callable[[], int], window: Callable[[], float]) -> None:
        self._limit = limit
        self._window = window
        self._used = 0.0
        self._at = 0.0

    def use(self, amount: int, now: float) -> float:
        """Count an amount; return the seconds to wait, 0 if it fits or costs nothing here."""
        if not amount:
            return 0.0
        limit, drain = self._limit(), self._limit() / max(self._window(), 1e-9)
        self._used = max(self._used - (now - self._at) * drain, 0.0)
        self._at = now
        if self._used + amount <= limit:
            self._used += amount
            return 0.0
        self._used = min(self._used + amount, FULLEST * limit)
        return (self._used + amount - limit) / drain

    @property
    def share(self) -> float:
        """How much of the limit is used, above 1 when throttling."""
        return self._used / self._limit()


@dataclass(frozen=True, slots=True)
class Scope:
    """One limit with the names it has in the headers."""

    quota: Quota
    scope: str
    limit: str
    information: str
    unit: str


class Throttle:
    """All limits that one application meets in one tenant."""

    def __init__(self, directory: Directory, settings: Settings, clock: Clock) -> None:
        self._directory = directory
        self._settings = settings
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget all use."""
        settings = self._settings
        units = Quota(self._resource_units, lambda: settings.resource_unit_window)
        writes = Quota(lambda: settings.writes, lambda: settings.write_window)
        tenant = Quota(lambda: settings.tenant_writes, lambda: settings.tenant_write_window)
        reports = Quota(lambda: settings.report_requests, lambda: settings.report_window)
        sign_ins = Quota(lambda: settings.sign_in_requests, lambda: settings.sign_in_window)
        usage = Quota(lambda: settings.usage_requests, lambda: settings.usage_window)
        self._sign_ins = Scope(
            sign_ins, "Tenant_Application", "Read", "ReportsLimitExceeded", "requests"
        )
        self._usage = Scope(usage, "Tenant_Application", "Read", "ReportsLimitExceeded", "requests")
        self._reports = Scope(
            reports, "Tenant_Application", "Read", "ReportsLimitExceeded", "requests"
        )
        self._scopes = (
            Scope(units, "Tenant_Application", "ReadWrite", "ResourceUnitLimitExceeded", "units"),
            Scope(writes, "Tenant_Application", "Write", "WriteLimitExceeded", "writes"),
            Scope(tenant, "Tenant", "Write", "WriteLimitExceeded", "writes"),
        )

    def spend(self, cost: Cost) -> dict[str, str]:
        """Count a request and return its headers; raise the 429."""
        headers = {"x-ms-resource-unit": str(cost.resource_units)}
        if not self._settings.throttling:
            return headers
        now = self._clock.now()
        waits = [(scope.quota.use(self._amount(scope, cost), now), scope) for scope in self._scopes]
        fullest = max(scope.quota.share for scope in self._scopes)
        if fullest > TELLING:
            headers["x-ms-throttle-limit-percentage"] = f"{min(fullest, FULLEST):.2f}"
        wait, scope = max(waits, key=lambda each: each[0])
        if wait > 0:
            raise errors.throttled(headers | self._refusal(scope, wait, now))
        return headers

    def spend_report(self) -> None:
        """Count one read of a report, which has a limit of its own; raise the 429."""
        self._spend_one(self._reports)

    def spend_sign_in(self) -> None:
        """Count one read of one person's sign-ins likewise."""
        self._spend_one(self._sign_ins)

    def spend_usage(self) -> None:
        """Count one request of a Microsoft 365 report likewise."""
        self._spend_one(self._usage)

    def _spend_one(self, scope: Scope) -> None:
        if self._settings.throttling:
            now = self._clock.now()
            wait = scope.quota.use(1, now)
            if wait > 0:
                raise errors.throttled(self._refusal(scope, wait, now))

    def _amount(self, scope: Scope, cost: Cost) -> int:
        return cost.writes if scope.unit == "writes" else cost.resource_units

    def _refusal(self, scope: Scope, wait: float, now: float) -> dict[str, str]:
        tenant = self._directory.organization.get("id", "")
        who = f"{self._settings.application_id}/{tenant}"
        return {
            "x-ms-throttle-scope": f"{scope.scope}/{scope.limit}/{who}",
            "x-ms-throttle-information": scope.information,
            **retry_after(self._settings.retry_after, wait, now),
        }

    def _resource_units(self) -> int:
        if self._settings.resource_units:
            return self._settings.resource_units
        people = len(self._directory.users)
        if people < SMALL_TENANT:
            return 3_500
        return 5_000 if people <= MEDIUM_TENANT else 8_000


def retry_after(form: str, wait: float, now: float) -> dict[str, str]:
    """Return the Retry-After header in one of the forms seen: clients must read them all."""
    match form:
        case "none":
            return {}
        case "fraction":
            return {"Retry-After": f"{wait:.3f}"}
        case "date":
            return {"Retry-After": formatdate(now + math.ceil(wait), usegmt=True)}
        case _:
            return {"Retry-After": str(math.ceil(wait))}
