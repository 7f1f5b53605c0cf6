"""What licenses exclude or need each other, and where they may not be used.

Microsoft publishes no machine-readable list; these are the documented examples, as data that a
settings file can replace. Names are service plan names, `*` stands for every product.
"""

from collections.abc import Container, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

type Plans = frozenset[str]


class LicenseRules(BaseModel):
    """Editable rules: exclusive pairs, dependencies (any one of), prohibited countries."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mutually_exclusive: tuple[tuple[str, str], ...] = (
        ("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"),
        ("WIN10_PRO_ENT_SUB", "WIN10_VDA_E3"),
        ("WIN10_PRO_ENT_SUB", "WIN10_VDA_E5"),
    )
    depends_on: Mapping[str, tuple[str, ...]] = {
        "WORKPLACE_ANALYTICS": ("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"),
        "MCOEV": ("TEAMS1", "MCOSTANDARD"),
        "MCOMEETADV": ("TEAMS1", "MCOSTANDARD"),
        "RMS_S_PREMIUM2": ("RMS_S_PREMIUM",),
        "EXCHANGE_S_ARCHIVE_ADDON": ("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"),
    }
    prohibited_locations: Mapping[str, tuple[str, ...]] = {"*": ("KP", "SY")}

    def clash(self, plans: Plans, others: Plans) -> tuple[str, str] | None:
        """Return a pair of plans, one of each side, that exclude each other."""
        for one, other in self.mutually_exclusive:
            if one in plans and other in others:
                return one, other
            if other in plans and one in others:
                return other, one
        return None

    def missing(self, plans: Plans, present: Plans) -> tuple[str, list[str]] | None:
        """Return a plan whose every prerequisite is absent, with those prerequisites."""
        for plan in plans.intersection(self.depends_on):
            needed = self.depends_on[plan]
            if present.isdisjoint(needed):
                return plan, list(needed)
        return None

    def prohibited(self, part_number: str, location: str) -> bool:
        """Whether a product may not be used in a country."""
        everywhere = self.prohibited_locations.get("*", ())
        return location in everywhere or location in self.prohibited_locations.get(part_number, ())


def enabled_plans(sku: Mapping[str, Any], disabled: Container[str]) -> Plans:
    """Return the names of the service plans that a license leaves enabled."""
    return frozenset(
        plan["servicePlanName"]
        for plan in sku.get("servicePlans", ())
        if plan["servicePlanId"] not in disabled
    )
