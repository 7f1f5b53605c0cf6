"""Limits: what a plan may do without a person's approval."""

from typing import Annotated

from pydantic import Field

from domain.fact import Fact

type Count = Annotated[int, Field(ge=0)]
type Percent = Annotated[float, Field(ge=0, le=100_000)]


class Limit(Fact):
    """How many revokes, or grants, may go out; what was sent lately counts."""

    percent: Percent | None = None
    """Share of the holders, counted over 24 hours."""
    floor: Count = 0
    """So many are always allowed by the share: it says nothing of a handful of people."""
    count: Count | None = None
    """In one plan."""
    per_hour: Count | None = None
    per_day: Count | None = None


class Revokes(Limit):
    """A limit on revokes."""

    percent: Percent | None = 20
    floor: Count = 5


class Grants(Limit):
    """A limit on grants."""

    percent: Percent | None = 100
    floor: Count = 500


class Shrink(Fact):
    """How much smaller a source, or the tenant, may have become since it was last believed."""

    percent: Annotated[float, Field(ge=0, le=100)] = 20
    floor: Count = 10
    """A loss of so many is always believed."""


class Limits(Fact):
    """What a plan of one bundle may do without a person's approval."""

    revokes: Revokes = Revokes()
    grants: Grants = Grants()
    shrink: Shrink = Shrink()


class TenantRevokes(Limit):
    """A limit on the revokes of all bundles together."""

    percent: Percent | None = 20
    floor: Count = 50


class TenantGrants(Limit):
    """A limit on the grants of all bundles together; none by default: seats are limited anyway."""


class TenantLimits(Fact):
    """What all plans of one compile together may do without a person's approval."""

    revokes: TenantRevokes = TenantRevokes()
    grants: TenantGrants = TenantGrants()
