"""The join: which accounts are of one human, as the tenant's policy says."""

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.attributes import Kind, canonical, kind_of
from domain.fact import Fact, RuleText
from domain.mapping import PREFIX, is_mapped
from domain.rule import parse_rule

_USABLE = (
    'user.accountEnabled -eq true -and user.userType -eq "Member" -and user.mail -ne null',
    "user.accountEnabled -eq true",
)


def _key(text: str) -> str:
    name = text.lower() if text.lower().startswith(PREFIX) else canonical(text)
    if name is None or (not is_mapped(name) and kind_of(name) is not Kind.TEXT):
        raise ValueError(
            f"{text!r} is no attribute with one text for each account, such as employeeId, mail or"
            " person.EmployeeID."
        )
    return name


def _about_herself(text: str) -> str:
    if parse_rule(text).groups:
        raise ValueError("Which account comes first cannot hang on groups: ask for attributes.")
    return text


type Key = Annotated[str, AfterValidator(_key)]
type OwnRule = Annotated[RuleText, AfterValidator(_about_herself)]


class Join(Fact):
    """How accounts are joined to one human, and which of hers comes first."""

    keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=5)]
    """Attributes that two accounts of one human share, the most trusted first. An account goes by
    the first of them that it has; a later one never joins two accounts that differ in an earlier
    one."""
    primary: Annotated[tuple[OwnRule, ...], Field(max_length=20)] = ()
    """Which account is the primary one: whoever meets the first rule, then the second, then the
    others. Where two are equal, both are. Without rules, enabled members with a mail address come
    first, then enabled accounts."""
    admins: OwnRule | None = None
    """Accounts that are the primary one only where their human has no other."""
    most: Annotated[int, Field(ge=2, le=100)] = 10
    """More accounts that share a value are no human: the value stands for nothing."""

    def ranks(self) -> tuple[str, ...]:
        """Return the rules by which accounts come one before the other."""
        return self.primary or _USABLE

    def attributes(self) -> frozenset[str]:
        """Return every attribute that is needed, as rules name them."""
        rules = (*self.ranks(), *((self.admins,) if self.admins else ()))
        named = {name for rule in rules for name in parse_rule(rule).attributes}
        return frozenset(named | set(self.keys))
