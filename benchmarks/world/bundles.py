"""Fifty bundles, each with the same policy said twice: as Seatflow reads it, and as SQL.

Ten have rules of every kind, half of them on attributes with a value of its own for everyone;
twenty hand out by a source group, twenty by a simple rule. The seats of the last five are
contested. SQL says with `coalesce` what the rule language says of missing values, and compares
without regard to letter case, as the rule language does.
"""

from dataclasses import dataclass
from typing import Any

from domain.bundle import Bundle

BUNDLES = 50
CONTESTED = range(45, 50)

_RULES = (
    (
        'user.userPrincipalName -match "^[a-d].*[02468]@"',
        "regexp_matches(userPrincipalName, '^[a-d].*[02468]@', 'i')",
    ),
    (
        '(user.mail -contains "son") -and (user.country -notIn ["US", "CA", "GB", "DE", "FR"])'
        ' -and -not (user.userType -eq "Guest")',
        "coalesce(contains(lower(mail), 'son'), false)"
        " and not coalesce(lower(country) in ('us', 'ca', 'gb', 'de', 'fr'), false)"
        " and not coalesce(lower(userType) = 'guest', false)",
    ),
    (
        'user.department -match "^(Sales|Marketing) (EMEA|APAC)$"'
        ' -or user.jobTitle -contains "Principal Eng"',
        "coalesce(regexp_matches(department, '^(Sales|Marketing) (EMEA|APAC)$', 'i'), false)"
        " or coalesce(contains(lower(jobTitle), 'principal eng'), false)",
    ),
    (
        '(user.jobTitle -match "(engineer|analyst)$") -and ((user.country -in'
        ' ["US", "IN", "PL", "BR", "MX", "AR", "NO", "SE", "DK", "FI"])'
        ' -or (user.department -startsWith "Finance"))',
        "regexp_matches(jobTitle, '(engineer|analyst)$', 'i') and (lower(country) in"
        " ('us', 'in', 'pl', 'br', 'mx', 'ar', 'no', 'se', 'dk', 'fi')"
        " or starts_with(lower(department), 'finance'))",
    ),
    (
        'user.userPrincipalName -endsWith "@labs.contoso.com"'
        ' -and (user.jobTitle -notContains "Assistant")',
        "ends_with(lower(userPrincipalName), '@labs.contoso.com')"
        " and not coalesce(contains(lower(jobTitle), 'assistant'), false)",
    ),
    (
        "user.accountEnabled -eq true -and -not ((user.department -in"
        ' ["Sales EMEA", "Sales APAC", "Legal EMEA"])'
        ' -or (user.country -notIn ["BR", "MX", "AR"]))',
        "accountEnabled and not (coalesce(lower(department) in ('sales emea', 'sales apac',"
        " 'legal emea'), false) or not coalesce(lower(country) in ('br', 'mx', 'ar'), false))",
    ),
    (
        'user.mail -match "7[0-9]@(emea|apac)\\."'
        ' -or ((user.city -eq "Oslo") -and (user.department -contains "research"))'
        ' -or (user.country -in ["NO", "SE"])',
        "coalesce(regexp_matches(mail, '7[0-9]@(emea|apac)\\.', 'i'), false)"
        " or (lower(city) = 'oslo' and contains(lower(department), 'research'))"
        " or lower(country) in ('no', 'se')",
    ),
    (
        '((user.department -contains "Research") -or (user.department -contains "Support"))'
        ' -and ((user.jobTitle -notMatch "^(Junior|Trainee)") -and'
        ' -not (user.country -in ["US", "GB"])) -and (user.city -ne "Oslo")',
        "(contains(lower(department), 'research') or contains(lower(department), 'support'))"
        " and not coalesce(regexp_matches(jobTitle, '^(Junior|Trainee)', 'i'), false)"
        " and not coalesce(lower(country) in ('us', 'gb'), false)"
        " and not coalesce(lower(city) = 'oslo', false)",
    ),
    (
        'user.employeeId -match "^E[0-9]+[37]$" -and (user.accountEnabled -eq true)'
        ' -and (user.department -notStartsWith "Legal") -and (user.country -notIn ["US", "CA"])',
        "regexp_matches(employeeId, '^E[0-9]+[37]$', 'i') and accountEnabled"
        " and not coalesce(starts_with(lower(department), 'legal'), false)"
        " and not coalesce(lower(country) in ('us', 'ca'), false)",
    ),
    (
        '(user.displayName -contains "an") -and (user.companyName -in ["Contoso Ltd", "Fabrikam"])'
        " -and (user.jobTitle -ne null)",
        "contains(lower(displayName), 'an') and lower(companyName) in ('contoso ltd', 'fabrikam')"
        " and jobTitle is not null",
    ),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One bundle of the benchmark."""

    number: int
    sql: str | None
    """Whom the rule means; None where the source group says."""
    bundle: Bundle

    @property
    def target(self) -> str:
        """The id of the license group."""
        return target_id(self.number)

    @property
    def source(self) -> str:
        """The id of the source group."""
        return source_id(self.number)


def offers(changed: int | None = None) -> list[Offer]:
    """Return the fifty bundles; one of them edited, where a number is given."""
    return [_offer(number, edited=number == changed) for number in range(BUNDLES)]


def target_id(number: int) -> str:
    """Return the id of a bundle's license group."""
    return f"aaaaaaaa-0000-4000-8000-{number:012d}"


def source_id(number: int) -> str:
    """Return the id of a bundle's source group."""
    return f"bbbbbbbb-0000-4000-8000-{number:012d}"


def sku_id(number: int) -> str:
    """Return the product of a bundle: its own, but the last two share one."""
    return f"cccccccc-0000-4000-8000-{min(number, BUNDLES - 2):012d}"


def _offer(number: int, *, edited: bool) -> Offer:
    rule, sql = _rule(number)
    policy: dict[str, Any] = {"rule": rule} if rule else {"groups": [source_id(number)]}
    if edited:
        policy["excluded"] = {"rule": 'user.country -in ["US", "GB"]'}
    priority = ['user.jobTitle -contains "Senior"', 'user.country -eq "US"']
    document = {
        "id": f"bundle-{number:02d}",
        "name": f"Bundle {number:02d}",
        "target": {"group": target_id(number)},
        "products": [{"sku": sku_id(number)}],
        "policy": policy,
        "unmanaged": "remove",
        "priority": priority if number in CONTESTED else [],
    }
    return Offer(number, sql, Bundle.model_validate(document))


def _rule(number: int) -> tuple[str | None, str | None]:
    """Return rule and SQL: of every kind, then simple ones, then none but a source group."""
    if number < len(_RULES):
        return _RULES[number]
    if number >= 30:
        return None, None
    attribute = f"extensionAttribute{number // 10}"
    return f'user.{attribute} -eq "G{number}"', f"lower({attribute}) = 'g{number}'"
