"""Bundles: products handed out together through one target, with the policy that says to whom."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from domain.decision.limits import Limits
from domain.fact import BundleId, Fact, Mode, ObjectId, RuleText
from domain.policy import Policy
from domain.rule import parse_rule


class Assignment(Fact):
    """A product a bundle hands out, less the service plans switched off."""

    sku: ObjectId
    disabled_plans: tuple[ObjectId, ...] = ()
    enabled_plans: tuple[ObjectId, ...] = ()
    """Service plans that are on though they appeared in the product later. Those that are named
    nowhere, and were there from the beginning, are on as well."""

    @model_validator(mode="after")
    def _is_on_or_off(self) -> "Assignment":
        if set(self.disabled_plans) & set(self.enabled_plans):
            raise ValueError("A service plan cannot be both enabled and disabled.")
        return self


class GroupTarget(Fact):
    """The Entra group whose members get the licenses."""

    group: ObjectId


class Bundle(Fact):
    """Products handed out together through one target, to whom the policy says."""

    id: BundleId
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    description: str = ""
    owner: str = ""
    mode: Mode = "live"
    """In a dry run everything is computed and shown, and nothing is sent."""
    target: GroupTarget
    products: Annotated[tuple[Assignment, ...], Field(min_length=1)]
    policy: Policy
    unmanaged: Literal["keep", "adopt", "remove"] = "keep"
    """Members Seatflow did not add: left alone; Seatflow's once seen entitled; or revoked."""
    accounts: Literal["all", "primary"] = "all"
    """Which accounts of one human may have it: all that the policy means, or of those only her
    primary one, as the tenant's join says."""
    direct: Literal["keep", "remove"] = "keep"
    """What becomes of a license a person also has directly, once the group's is Active: kept; or
    removed, unless it turns on service plans that the group's leaves off."""
    grace: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}[hd]$")] = "0h"
    """How long someone keeps the bundle once she is no longer entitled: `36h` or `14d`."""
    priority: Annotated[tuple[RuleText, ...], Field(max_length=20)] = ()
    """Who gets a seat first: people who meet the first rule, then the second, then the others."""
    supersedes: tuple[BundleId, ...] = ()
    """Whoever holds this bundle leaves those, once its license is active."""
    requires: tuple[BundleId, ...] = ()
    """Whoever is to hold this bundle must hold each of those, or one that supersedes it."""
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _does_not_feed_itself(self) -> "Bundle":
        if self.target.group in self.policy.source_groups():
            raise ValueError(
                "The target group cannot be a source or an exclusion of its own bundle."
            )
        if self.id in self.supersedes or self.id in self.requires:
            raise ValueError("A bundle can neither supersede nor require itself.")
        return self

    def skus(self) -> tuple[str, ...]:
        """Return the skuIds of the bundle's products."""
        return tuple(product.sku for product in self.products)

    def groups(self) -> tuple[str, ...]:
        """Return every group the bundle reads or writes."""
        ranked = [group for rule in self.priority for group in parse_rule(rule).groups]
        return (self.target.group, *self.policy.source_groups(), *ranked)

    def attributes(self) -> frozenset[str]:
        """Return every attribute that a rule of the bundle names."""
        rules = (*self.policy.rules(), *self.priority)
        return frozenset(name for rule in rules for name in parse_rule(rule).attributes)

    def grace_period(self) -> timedelta:
        """Return the grace as a length of time."""
        count = int(self.grace[:-1])
        return timedelta(days=count) if self.grace.endswith("d") else timedelta(hours=count)
