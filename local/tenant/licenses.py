"""Licenses given to people directly, and how many seats of each product are bought and used."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random

from local.tenant.cast import CAST_IDS
from local.tenant.groups import Resource
from local.tenant.license_groups import Filled
from local.tenant.products import PRODUCTS, Product, subscribed_sku
from local.tenant.roster import Roster

_DIRECT = {
    "FLOW_FREE": 0.03,
    "POWER_BI_PRO": 0.004,
    "VISIOCLIENT": 0.004,
    "PROJECTPROFESSIONAL": 0.003,
    "MCOMEETADV": 0.01,
}
"""The part of the staff that was given a product by hand, outside every group."""

_SHORT = "Microsoft_365_Copilot"
"""The product of which fewer seats were bought than people are entitled to."""


def assign_directly(roster: Roster, draw: Random) -> None:
    """Give a few people licenses of their own, as an administrator would by hand."""
    able = [
        person.user
        for person in roster.staff
        if person.user["accountEnabled"]
        and person.user.get("usageLocation")
        and person.user["id"] not in CAST_IDS
    ]
    for part_number, share in _DIRECT.items():
        for user in draw.sample(able, round(len(able) * share)):
            _assign(user, PRODUCTS[part_number])


def _assign(user: Resource, product: Product) -> None:
    """Record a direct license (Graph docs: resources/licenseassignmentstate)."""
    license = {"skuId": product.sku, "disabledPlans": []}
    user["assignedLicenses"].append(license)
    user["licenseAssignmentStates"].append(
        license
        | {
            "assignedByGroup": None,
            "state": "Active",
            "error": "None",
            "lastUpdatedDateTime": "2025-01-15T07:10:02Z",
        }
    )


def subscriptions(users: list[Resource], filled: list[Filled]) -> list[Resource]:
    """Return the subscribedSkus: a person holding a product twice uses one seat of it."""
    holders = _direct_holders(users)
    needed = Counter({sku: len(people) for sku, people in holders.items()})
    for each in filled:
        for license in each.group["assignedLicenses"]:
            holders[license["skuId"]].update(each.group["members"])
            needed[license["skuId"]] += each.seats_needed()
    return [
        subscribed_sku(product, len(holders[product.sku]), _seats(product, needed, filled))
        for product in PRODUCTS.values()
    ]


def _direct_holders(users: Iterable[Resource]) -> defaultdict[str, set[str]]:
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for user in users:
        for license in user["assignedLicenses"]:
            holders[license["skuId"]].add(user["id"])
    return holders


def _seats(product: Product, needed: Counter[str], filled: list[Filled]) -> int:
    """Return the seats bought: 5 % to spare, rounded up to a round number, or a few too few."""
    if product.part_number == _SHORT:
        entitled = sum(len(each.entitled) for each in filled if _SHORT in each.definition.products)
        return entitled - max(3, entitled // 25)
    return (needed[product.sku] * 105 // 100 + 10) // 5 * 5
