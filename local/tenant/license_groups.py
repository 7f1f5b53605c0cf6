"""What a license group of the generated tenant is: its products, and who is in it for now."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from local.tenant.groups import Resource, group_id, security_group
from local.tenant.population import Population
from local.tenant.products import PRODUCTS

type Audience = Callable[[Population], list[Resource]]

WRONG = 0.08
"""Members who should not be there, as a part of those who should: below every revoke limit."""


@dataclass(frozen=True, slots=True)
class LicenseGroup:
    """A group that hands out products.

    `audience` finds who should be in it, if their account is enabled; `already` is the part of
    them who are.
    """

    name: str
    description: str
    products: dict[str, tuple[str, ...]]
    """Part number -> names of the service plans switched off."""
    audience: Audience
    already: float
    movers_from: tuple[str, ...] = ()
    """Departments some of whose people are still members though they should not be."""

    @property
    def id(self) -> str:
        """Return the object id."""
        return group_id(self.name)

    def licenses(self) -> list[Resource]:
        """Return what Graph shows as the group's assignedLicenses."""
        return [
            {
                "skuId": PRODUCTS[part_number].sku,
                "disabledPlans": [PRODUCTS[part_number].plans[name] for name in disabled],
            }
            for part_number, disabled in self.products.items()
        ]


@dataclass(frozen=True, slots=True)
class Filled:
    """A license group as it stands in the tenant, and who its audience is there."""

    definition: LicenseGroup
    group: Resource
    entitled: list[str]

    def seats_needed(self) -> int:
        """Return the seats that serve everyone entitled and everyone wrongly there, at once."""
        return len({*self.entitled, *self.group["members"]})


def fill(definition: LicenseGroup, people: Population, draw: Random) -> Filled:
    """Make the group: some of the entitled are members already, and a few others still are."""
    audience = definition.audience(people)
    entitled = [user["id"] for user in audience if user["accountEnabled"]]
    members = draw.sample(entitled, round(len(entitled) * definition.already))
    wrong = int(len(members) * WRONG + 0.9)
    leavers = [user["id"] for user in audience if not user["accountEnabled"]]
    stayed = _leavers(leavers, wrong - wrong // 3, draw)
    movers = _movers(people.of(*definition.movers_from), {user["id"] for user in audience})
    members += stayed + draw.sample(movers, min(len(movers), wrong - len(stayed)))
    group = security_group(
        definition.name,
        definition.description,
        members,
        assignedLicenses=definition.licenses(),
        licenseProcessingState={"state": "ProcessingComplete"},
    )
    return Filled(definition, group, entitled)


def _leavers(leavers: list[str], count: int, draw: Random) -> list[str]:
    """Choose people who left but kept their license; the first, if any, is always one of them."""
    count = min(len(leavers), count)
    return leavers[:1] + draw.sample(leavers[1:], count - 1) if count else []


def _movers(former: list[Resource], audience: set[str]) -> list[str]:
    return [user["id"] for user in former if user["accountEnabled"] and user["id"] not in audience]
