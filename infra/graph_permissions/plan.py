"""What is to be granted and revoked: the difference between what is needed and what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assignment:
    """A permission that the identity has."""

    id: str
    permission: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done."""

    grants: Mapping[str, tuple[str, ...]]
    """Permissions, each with the features it is for."""
    revokes: tuple[Assignment, ...]
    kept: Mapping[str, tuple[str, ...]]

    @property
    def empty(self) -> bool:
        """Whether all is as it should be."""
        return not self.grants and not self.revokes

    def lines(self) -> list[str]:
        """Return it for people to read."""
        return [
            *(f"  keep    {name:<34}for {', '.join(why)}" for name, why in self.kept.items()),
            *(f"+ grant   {name:<34}for {', '.join(why)}" for name, why in self.grants.items()),
            *(f"- revoke  {each.permission:<34}no feature needs it" for each in self.revokes),
        ]


def plan_of(needed: Mapping[str, tuple[str, ...]], there: Sequence[Assignment]) -> Plan:
    """Compare what is needed with what is there."""
    have = {each.permission for each in there}
    return Plan(
        grants={name: why for name, why in needed.items() if name not in have},
        revokes=tuple(each for each in there if each.permission not in needed),
        kept={name: why for name, why in needed.items() if name in have},
    )
