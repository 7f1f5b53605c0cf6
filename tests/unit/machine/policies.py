"""Policies that change their mind, each beside plain Python that says whom it names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.bundle import Bundle
from domain.inventory.people import Person

STRICT = {"revokes": {"percent": None, "count": 0}, "grants": {"percent": None}}
OPEN = {"revokes": {"percent": 100}, "grants": {"percent": None}}


@dataclass(frozen=True)
class Variant:
    """One policy."""

    rule: str
    names: Callable[[Person], bool]


def _is(attribute: str, value: str) -> Variant:
    return Variant(
        f'user.{attribute} -eq "{value}"',
        lambda person: person.attributes.get(attribute) == value,
    )


SALES, IT = _is("department", "Sales"), _is("department", "IT")
KENYA, BOSS = _is("country", "Kenya"), _is("jobTitle", "Boss")

VARIANTS: dict[str, tuple[Variant, ...]] = {
    "one": (SALES, IT),
    "two": (KENYA, SALES),
    "keep": (SALES, KENYA),
    "plain": (SALES, IT),
    "best": (BOSS, KENYA),
    "strict": (SALES, IT),
}
"""By bundle; the first is where each begins."""

FIELDS: dict[str, dict[str, Any]] = {
    "one": {},
    "two": {},
    "keep": {"unmanaged": "keep"},
    "plain": {"grace": "1h"},
    "best": {"supersedes": ["plain"], "direct": "remove"},
    "strict": {"limits": STRICT, "unmanaged": "adopt"},
}
"""What else each says: two share a scarce product, one leaves alone whom it did not put there, one
lets people keep it for an hour, one is better than that, one asks before each revoke."""

_BY_RULE = {each.rule: each for variants in VARIANTS.values() for each in variants}


def names(bundle: Bundle, person: Person) -> bool:
    """Tell whether a bundle's policy names a person."""
    return _BY_RULE[str(bundle.policy.rule)].names(person)
