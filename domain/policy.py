"""Policy: who is entitled to a bundle, and who is not whatever else it says."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, model_validator

from domain.fact import Fact, ObjectId, RuleText
from domain.rule import parse_rule

MAX_LISTED = 500
"""People, groups or requests in one list; more belong into a group, where they are easier to look
after."""


class SourceGroup(Fact):
    """A group whose members a policy means."""

    id: ObjectId
    nested: bool = True
    """Members of groups in it count too."""


def _group(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


type GroupName = Annotated[
    SourceGroup, BeforeValidator(_group, json_schema_input_type=ObjectId | SourceGroup)
]
"""A group, or its id alone."""


def _moment(value: Any) -> Any:
    """Refuse numbers and bare digits, which would be read as seconds since 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit()):
        raise ValueError("Expected a day such as 2026-12-31, or a moment with its time zone.")
    return value


type Moment = Annotated[AwareDatetime | date, BeforeValidator(_moment)]


class Request(Fact):
    """One person's entitlement for some time, with the reason it was given."""

    person: ObjectId
    start: Moment | None = None
    """The first day (UTC), or moment; without it, from now on."""
    until: Moment
    """The last day (UTC, whole), or the moment it ends."""
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    by: str = ""
    """Who asked or approved, for people to read."""

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "Request":
        if self.start is not None and _begin(self.start) >= _end(self.until):
            raise ValueError("The request ends before it begins.")
        return self

    def runs(self, now: datetime) -> bool:
        """Tell whether the request is in force."""
        return (self.start is None or _begin(self.start) <= now) and now < _end(self.until)


def _begin(moment: datetime | date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def _end(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), UTC) + timedelta(days=1)


class Exclusion(Fact):
    """Who is not entitled, whatever else the policy says."""

    rule: RuleText | None = None
    groups: Annotated[tuple[GroupName, ...], Field(max_length=MAX_LISTED)] = ()
    people: Annotated[tuple[ObjectId, ...], Field(max_length=MAX_LISTED)] = ()

    def source_groups(self) -> tuple[str, ...]:
        """Return every group this part reads."""
        named = parse_rule(self.rule).groups if self.rule else ()
        return (*(group.id for group in self.groups), *named)


class Policy(Exclusion):
    """Who is entitled: anyone listed, requested, in a source group, or meeting the rule."""

    requests: Annotated[tuple[Request, ...], Field(max_length=MAX_LISTED)] = ()
    excluded: Exclusion = Exclusion()

    @model_validator(mode="after")
    def _names_someone(self) -> "Policy":
        if self.rule is None and not (self.groups or self.people or self.requests):
            raise ValueError(
                "A policy needs a rule, groups, people or requests; this one entitles no one."
            )
        return self

    def source_groups(self) -> tuple[str, ...]:
        """Return every group this policy reads, those that exclude included."""
        return (*super().source_groups(), *self.excluded.source_groups())

    def entitling_groups(self) -> tuple[str, ...]:
        """Return the groups whose members are entitled."""
        return super().source_groups()

    def nested_groups(self) -> tuple[str, ...]:
        """Return the groups of which members of groups inside count, too.

        A rule means direct members only, see `MemberOf`.
        """
        groups = (*self.groups, *self.excluded.groups)
        return tuple(group.id for group in groups if group.nested)

    def rules(self) -> tuple[str, ...]:
        """Return the texts of the policy's rules."""
        return tuple(rule for rule in (self.rule, self.excluded.rule) if rule is not None)
