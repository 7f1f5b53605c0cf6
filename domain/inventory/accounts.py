"""The other accounts of one person, as of the latest inventory."""

from dataclasses import replace
from datetime import datetime

from domain.bundle import Bundle
from domain.decision.entitlement import SECOND
from domain.errors import Held
from domain.explanation import Account, Accounts, Standing
from domain.inventory.people import People, no_rows
from domain.inventory.persons import Joined
from domain.inventory.reading import as_read_by
from domain.inventory.snapshot import Snapshot
from domain.rule import View
from domain.tenant_policy import TenantPolicy

_NO_JOIN = "the tenant's policy does not say whose accounts are whose: it needs a join"
_TOO_NEW = "not in the latest inventory, so nobody can tell yet whose account it is"


def accounts_of(
    person: str, whole: Snapshot | None, tenant: TenantPolicy, now: datetime
) -> Accounts | None:
    """Return the accounts of the human behind one; None where nothing is joined at all."""
    if tenant.join is None:
        return None
    seen = as_read_by(tenant, whole) if whole else None
    rows = seen.people.rows((person,)) if seen else no_rows()
    if seen is None or seen.joined is None or not len(rows):
        return Accounts(unknown=_TOO_NEW)
    view = View(seen.people, seen.memberships, now)
    try:
        return _accounts(int(rows[0]), seen.people, seen.joined, view)
    except Held as unread:
        return Accounts(unknown=str(unread))


def _accounts(row: int, people: People, joined: Joined, view: View) -> Accounts:
    persons, primary = joined.persons(view), joined.primary(view)
    names = people.column("userPrincipalName")
    others = [int(other) for other in persons.accounts(row) if other != row]
    return Accounts(
        primary=bool(primary[row]),
        others=tuple(
            Account(
                people.id(other),
                str(names[other] or ""),
                persons.key(other),
                primary=bool(primary[other]),
            )
            for other in others
        ),
    )


def with_accounts(told: Standing, bundle: Bundle, accounts: Accounts | None) -> Standing:
    """Say that only the primary account of a person may have a bundle, where that is so."""
    if bundle.accounts == "all" or not told.entitled or (accounts and accounts.primary):
        return told
    if accounts is None or accounts.unknown:
        return replace(told, entitled=False, why=accounts.unknown if accounts else _NO_JOIN)
    first = ", ".join(each.name or each.id for each in accounts.others if each.primary)
    return replace(told, entitled=False, why=f"{SECOND}: that is {first} ({told.why})")
