"""Outcomes: what became of a change that was carried out, or could not be."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ALREADY_SO = "already so"
"""The detail of a change that found the target as it wanted it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The target is now as the change wants it; `detail` tells whether it already was."""

    detail: str = "done"


@dataclass(frozen=True, slots=True)
class Refused:
    """The target will not have it until someone changes something."""

    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now: try again after so many seconds."""

    after: float
    reason: str
    tried: bool = True
    """The target may have been written; not so when the last door was shut."""
    reserved: bool = False
    """Room in Graph's quota has been set aside for then."""


type Outcome = Applied | Refused | Postponed


class LicenseError(StrEnum):
    """Why Entra did not give a member the group's license.

    Source: Microsoft Graph docs, resources/licenseAssignmentState.
    """

    COUNT = "CountViolation"
    EXCLUSIVE = "MutuallyExclusiveViolation"
    DEPENDENCY = "DependencyViolation"
    LOCATION = "ProhibitedInUsageLocationViolation"
    UNIQUENESS = "UniquenessViolation"
    OTHER = "Other"


FIXES = {
    LicenseError.COUNT: "No seat is left in the product. Buy seats or free some.",
    LicenseError.EXCLUSIVE: "The person holds a service plan that excludes one of this product's. "
    "Disable one of the two.",
    LicenseError.DEPENDENCY: "A service plan needs another one the person lacks. Grant that first.",
    LicenseError.LOCATION: "The product may not be used in the person's usage location. "
    "Correct the location or exclude the person.",
    LicenseError.UNIQUENESS: "Another account has the same proxy address. Make the address unique.",
    LicenseError.OTHER: "Another license of the same group failed, or Entra did not say why. "
    "Look at the group's members with license errors in the admin center.",
}
"""What to do about each license error."""


@dataclass(frozen=True, slots=True)
class LicenseState:
    """One license of one person by one route, as Entra reports it."""

    sku: str
    group: str | None
    """The group that gives the license, or None when it is assigned directly."""
    active: bool
    error: LicenseError | None = None
    updated_at: datetime | None = None
    """When Entra last looked at it, where it says so."""
    disabled: frozenset[str] = frozenset()
    """Ids of the service plans switched off."""
