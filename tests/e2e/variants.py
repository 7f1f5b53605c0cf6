"""Policies that change their mind, each beside plain Python that says whom it entitles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.tenant.groups import group_id
from tests.e2e.company import Document, members


@dataclass(frozen=True)
class Variant:
    """One version of a bundle's policy."""

    policy: Document
    entitled: Callable[[Document], set[str]]


def _departments(*names: str) -> Variant:
    quoted = ", ".join(f'"{name}"' for name in names)
    rule = f"user.accountEnabled -eq true and user.department -in [{quoted}]"
    wanted = {name.casefold() for name in names}

    def entitled(document: Document) -> set[str]:
        return {
            user["id"]
            for user in document["users"]
            if user.get("accountEnabled") and _department(user) in wanted
        }

    return Variant({"rule": rule}, entitled)


def _groups(*names: str) -> Variant:
    groups = [group_id(name) for name in names]
    excluded = {"rule": "-not user.accountEnabled -eq true"}

    def entitled(document: Document) -> set[str]:
        disabled = {user["id"] for user in document["users"] if not user.get("accountEnabled")}
        return {one for group in groups for one in members(document, group)} - disabled

    return Variant({"groups": groups, "excluded": excluded}, entitled)


def _department(user: dict[str, Any]) -> str:
    return (user.get("department") or "").casefold()


VARIANTS: dict[str, tuple[Variant, ...]] = {
    "teams": (
        _departments("Sales", "Marketing"),
        _departments("Sales", "Finance", "Customer Service"),
        _departments("Sales", "Operations"),
    ),
    "visio": (
        _groups("DEP-Engineering"),
        _groups("DEP-Engineering", "DEP-Operations", "DEP-Logistics"),
        _groups("DEP-Engineering", "DEP-Product Management"),
    ),
    "e5": (
        _departments("Legal", "Human Resources"),
        _departments("Legal", "Finance", "Information Technology"),
        _departments("Legal", "Manufacturing"),
    ),
}
"""By bundle; whoever is in the first department of each is entitled under all of them."""

DEPARTMENTS = ("Sales", "Marketing", "Finance", "Operations", "Legal", "Field Service")
"""Where people are moved to and from."""
