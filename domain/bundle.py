"""Bundles: products handed out together through one target, with the policy that says to whom."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.errors import RuleError
from domain.rule import parse_rule

type ObjectId = Annotated[
    str,
    StringConstraints(
        to_lower=True, pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
    ),
]


def _parsable(text: str) -> str:
    try:
        parse_rule(text)
    except RuleError as error:
        raise ValueError(str(error)) from None
    return text


type RuleText = Annotated[str, AfterValidator(_parsable)]

MAX_LISTED = 500
"""People or groups in one list; more belong into a group, where they are easier to look after."""


class Fact(BaseModel):
    """A value that never changes and knows no field but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Assignment(Fact):
    """A product a bundle hands out, less the service plans switched off."""

    sku: ObjectId
    disabled_plans: tuple[ObjectId, ...] = ()


class GroupTarget(Fact):
    """The Entra group whose members get the licenses."""

    group: ObjectId


class Exclusion(Fact):
    """Who is not entitled, whatever else the policy says."""

    rule: RuleText | None = None
    groups: Annotated[tuple[ObjectId, ...], Field(max_length=MAX_LISTED)] = ()
    people: Annotated[tuple[ObjectId, ...], Field(max_length=MAX_LISTED)] = ()


class Policy(Exclusion):
    """Who is entitled: anyone listed, in a source group (nested or not), or meeting the rule."""

    excluded: Exclusion = Exclusion()

    @model_validator(mode="after")
    def _names_someone(self) -> "Policy":
        if self.rule is None and not self.groups and not self.people:
            raise ValueError("A policy needs a rule, groups or people; this one entitles no one.")
        return self

    def source_groups(self) -> tuple[str, ...]:
        """Return every group this policy reads, those that exclude included."""
        return self.groups + self.excluded.groups


class RevokeLimit(Fact):
    """A plan may take the bundle from so many of its holders without a person's approval."""

    percent: Annotated[float, Field(ge=0, le=100)] = 20
    floor: Annotated[int, Field(ge=0)] = 5
    """So many revokes are always allowed: shares of a handful of people say nothing."""


class Limits(Fact):
    """What a plan may do without a person's approval."""

    revokes: RevokeLimit = RevokeLimit()


class Bundle(Fact):
    """Products handed out together through one target, to whom the policy says."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    description: str = ""
    owner: str = ""
    target: GroupTarget
    products: Annotated[tuple[Assignment, ...], Field(min_length=1)]
    policy: Policy
    unmanaged: Literal["keep", "adopt", "remove"] = "keep"
    """Members Seatflow did not add: left alone; Seatflow's once seen entitled; or revoked."""
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _does_not_feed_itself(self) -> "Bundle":
        if self.target.group in self.policy.source_groups():
            raise ValueError(
                "The target group cannot be a source or an exclusion of its own bundle."
            )
        return self

    def skus(self) -> tuple[str, ...]:
        """Return the skuIds of the bundle's products."""
        return tuple(product.sku for product in self.products)

    def groups(self) -> tuple[str, ...]:
        """Return every group the bundle reads or writes."""
        return (self.target.group, *self.policy.source_groups())
