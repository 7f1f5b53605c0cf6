"""What the functions host answers about runs and bundles."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Run(_Answer):
    """One run of inventory and compile over everything."""

    id: str
    state: Literal["queued", "inventory", "compiling", "done", "failed"]
    people: int = 0
    bundles: int = 0
    changes: int = 0
    reason: str | None = None


class BundleStatus(_Answer):
    """Where one bundle stands; `granted` and `revoked` count everything applied so far."""

    id: str
    name: str
    entitled: int = 0
    holders: int = 0
    granted: int = 0
    revoked: int = 0
    waiting: int = 0
    held: int = 0
    failed: int = 0
    in_flight: int = 0
    unconfirmed: int = 0
    reason: str | None = None
    plan: str = ""


class Inventoried(_Answer):
    """What the last complete snapshot counts."""

    taken_at: str
    people: int = 0
    groups: int = 0
    memberships: int = 0
    products: int = 0


class Status(_Answer):
    """Where everything stands."""

    snapshot: Inventoried | None = None
    bundles: tuple[BundleStatus, ...] = Field(default=())

    @property
    def applied(self) -> int:
        """Changes that have come to an end so far."""
        return sum(b.granted + b.revoked + b.failed for b in self.bundles)

    @property
    def granted(self) -> int:
        """Grants applied so far."""
        return sum(b.granted for b in self.bundles)

    @property
    def in_flight(self) -> int:
        """Changes decided and not yet applied."""
        return sum(b.in_flight for b in self.bundles)

    @property
    def unconfirmed(self) -> int:
        """Grants applied whose license is not yet seen."""
        return sum(b.unconfirmed for b in self.bundles)

    @property
    def moving(self) -> tuple[BundleStatus, ...]:
        """The bundles with something in flight or unconfirmed."""
        return tuple(b for b in self.bundles if b.in_flight or b.unconfirmed)


class Finding(_Answer):
    """One thing that doctor looked at."""

    check: str
    level: Literal["fine", "note", "warning", "error"]
    sentence: str
    page: str = ""


class Diagnosis(_Answer):
    """Everything that doctor looked at."""

    findings: tuple[Finding, ...]

    def of(self, *checks: str) -> tuple[Finding, ...]:
        """Return what these checks found."""
        return tuple(each for each in self.findings if each.check in checks)
