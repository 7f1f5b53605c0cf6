"""Service plans that no one person can hold together, and those that need another.

Sources: Entra docs, licensing-service-plan-reference, "Service plans that cannot be assigned at the
same time" (as of October 2025; Microsoft does not promise to keep it whole), and, for what needs
what, licensing-group-advanced and licensing-groups-resolve-problems. The tenant's own policy adds
pairs (`exclusive_plans`) that Microsoft does not name.

The plans of SharePoint are left out: the page lists them, and says of the same plans that holding
two is "not recommended", so Entra allows it. A clash named in error would deny people a
license for good; one not named is refused by Entra once, and shows with its reason.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

_FAMILIES: tuple[tuple[str, ...], ...] = (
    (
        "CRMPLAN1",
        "CRMPLAN2",
        "CRMSTANDARD",
        "DYN365_ENTERPRISE_P1_IW",
        "DYN365_ENTERPRISE_SALES",
        "DYN365_ENTERPRISE_TEAM_MEMBERS",
        "EMPLOYEE_SELF_SERVICE",
    ),
    (
        "EXCHANGE_B_STANDARD",
        "EXCHANGE_S_ARCHIVE",
        "EXCHANGE_S_DESKLESS",
        "EXCHANGE_S_ESSENTIALS",
        "EXCHANGE_S_STANDARD",
        "EXCHANGE_S_STANDARD_MIDMARKET",
    ),
    # Named in the text, though no longer in the table: why Office 365 E1 and E3 do not go together.
    ("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"),
    ("RMS_S_ENTERPRISE", "RMS_S_ENTERPRISE_GOV"),
    ("INTUNE_A", "INTUNE_A_VL", "INTUNE_B"),
    ("MCOIMP", "MCOLITE", "MCOSTANDARD", "MCOSTANDARD_MIDMARKET"),
    ("MCOPSTN1", "MCOPSTN2", "MCOPSTN5"),
    ("YAMMER_EDU", "YAMMER_ENTERPRISE", "YAMMER_MIDSIZE"),
    # Windows: the subscription upgrade and the virtual desktop right are two tiers of one service.
    ("WIN10_PRO_ENT_SUB", "WIN10_VDA_E3"),
    ("WIN10_PRO_ENT_SUB", "WIN10_VDA_E5"),
)

_EXCHANGE = ("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE")
_CALLING = ("TEAMS1", "MCOSTANDARD")

_NEEDS: dict[str, tuple[str, ...]] = {
    "WORKPLACE_ANALYTICS": _EXCHANGE,
    "EXCHANGE_S_ARCHIVE_ADDON": (*_EXCHANGE, "EXCHANGE_S_DESKLESS"),
    "MCOEV": _CALLING,
    "MCOMEETADV": _CALLING,
    "RMS_S_PREMIUM2": ("RMS_S_PREMIUM",),
}


def clashes(
    first: Collection[str],
    second: Collection[str],
    also: Sequence[tuple[str, str]] = (),
) -> list[tuple[str, str]]:
    """Return the pairs that one person cannot hold together: one of the first, one of the second.

    Args:
        first: names of service plans, as in `Product.plans`.
        second: names that are to be held beside them; a plan does not clash with itself.
        also: pairs the tenant's policy adds to the known ones.
    """
    here, there = set(first), set(second)
    found = {(one, other) for one in here for other in _EXCLUDED.get(one, frozenset()) & there}
    for pair in also:
        for one, other in (pair, pair[::-1]):
            if one != other and one in here and other in there:
                found.add((one, other))
    return sorted(found)


def needs(plan: str) -> tuple[str, ...]:
    """Return the service plans of which this one needs any, or none when it stands alone."""
    return _NEEDS.get(plan, ())


def _excluded() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for family in _FAMILIES:
        for one, other in combinations(family, 2):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {plan: frozenset(others) for plan, others in found.items()}


_EXCLUDED = _excluded()
