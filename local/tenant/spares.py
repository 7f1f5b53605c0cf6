"""License groups no sample bundle targets, and bundles over them, made for benchmarks."""

from typing import Any

from local.tenant.departments import DEPARTMENTS
from local.tenant.groups import group_id
from local.tenant.license_groups import Audience, LicenseGroup
from local.tenant.products import PRODUCTS

_ALREADY = 0.4
_PAIRS = (
    ("Marketing", "VISIOCLIENT", "POWERAUTOMATE_ATTENDED_RPA"),
    ("Finance", "EMSPREMIUM", "PROJECTPROFESSIONAL"),
    ("Human Resources", "POWER_BI_PRO", "Microsoft_Teams_Premium"),
    ("Legal", "POWER_BI_PRO", "WIN_DEF_ATP"),
    ("Product Management", "VISIOCLIENT", "PROJECTPROFESSIONAL"),
    ("Information Technology", "WIN_DEF_ATP", "POWERAUTOMATE_ATTENDED_RPA"),
    ("Operations", "POWER_BI_PRO", "VISIOCLIENT"),
    ("Customer Service", "WIN_DEF_ATP", "POWERAUTOMATE_ATTENDED_RPA"),
    ("Field Service", "WIN_DEF_ATP", "EMSPREMIUM"),
    ("Logistics", "WIN_DEF_ATP", "EMSPREMIUM"),
    ("Executive Office", "EMSPREMIUM", "VISIOCLIENT"),
    ("Engineering", "VISIOCLIENT", "POWER_BI_PRO"),
)
"""Department and the products of its two groups. The first twenty groups are for people enough
that 10,000 people make about 6,000 changes; the rest are for larger runs."""


def _of(department: str) -> Audience:
    return lambda people: people.of(department)


def _everyone_in(group: str) -> Audience:
    return lambda people: people.within(group)


def _spare(department: str, part_number: str, by_rule: bool) -> LicenseGroup:
    neighbors = [other.name for other in DEPARTMENTS if other.name != department]
    return LicenseGroup(
        name=f"LIC-{part_number}-{department}".replace(" ", "-"),
        description=f"{PRODUCTS[part_number].name} for {department}",
        products={part_number: ()},
        audience=_of(department) if by_rule else _everyone_in(f"DEP-{department}"),
        already=_ALREADY,
        movers_from=(neighbors[0],) if by_rule else (),
    )


SPARE_LICENSE_GROUPS = tuple(
    _spare(department, part_number, by_rule)
    for department, *products in _PAIRS
    for part_number, by_rule in zip(products, (True, False), strict=True)
)


def bench_bundles(count: int) -> list[dict[str, Any]]:
    """Return so many bundle documents over the spare license groups.

    Every other one entitles by a rule, the others by a source group with an exclusion.

    Raises:
        ValueError: more bundles than there are spare groups.
    """
    if not 0 <= count <= len(SPARE_LICENSE_GROUPS):
        raise ValueError(f"There are {len(SPARE_LICENSE_GROUPS)} spare groups, not {count}.")
    return [_bundle(at, group) for at, group in enumerate(SPARE_LICENSE_GROUPS[:count])]


def _bundle(at: int, group: LicenseGroup) -> dict[str, Any]:
    department = _PAIRS[at // 2][0]
    return {
        "id": group.name.removeprefix("LIC-").lower().replace("_", "-"),
        "name": group.description,
        "owner": "benchmarks@contoso.com",
        "target": {"group": group.id},
        "products": [
            {"sku": license["skuId"], "disabled_plans": license["disabledPlans"]}
            for license in group.licenses()
        ],
        "policy": _by_group(department) if at % 2 else _by_rule(department),
        "unmanaged": "remove",
        "limits": {"revokes": {"percent": 90, "floor": 100}},
    }


def _by_rule(department: str) -> dict[str, Any]:
    return {"rule": f'user.accountEnabled -eq true -and user.department -eq "{department}"'}


def _by_group(department: str) -> dict[str, Any]:
    return {
        "groups": [group_id(f"DEP-{department}")],
        "excluded": {"rule": "user.accountEnabled -eq false"},
    }
