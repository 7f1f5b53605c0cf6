"""Everyone in the generated tenant, by the kind of account."""

from dataclasses import dataclass
from random import Random

from local.tenant.cast import CAST, CAST_IDS
from local.tenant.groups import Resource
from local.tenant.mailboxes import Nicknames
from local.tenant.outsiders import create_admins, create_services, create_shared_mailboxes, invite
from local.tenant.staff import Employee, hire

LEAST = 100
"""With fewer people some departments would be empty."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone; no account is in two of these lists."""

    staff: list[Employee]
    guests: list[Resource]
    services: list[Resource]
    admins: list[Resource]
    shared: list[Resource]

    def users(self) -> list[Resource]:
        """Return all accounts, the cast first."""
        everyone = [person.user for person in self.staff]
        everyone += self.guests + self.services + self.admins + self.shared
        return sorted(everyone, key=lambda user: user["id"] not in CAST_IDS)

    def of(self, *departments: str) -> list[Employee]:
        """Return the staff of these departments but the cast, whose groups are chosen by hand."""
        return [
            person
            for person in self.staff
            if person.department.name in departments and person.user["id"] not in CAST_IDS
        ]


def recruit(people: int, draw: Random) -> Roster:
    """Return so many accounts in all: 5 % guests, 2.6 % not people, the rest staff.

    Raises:
        ValueError: fewer people than a tenant needs to be believable.
    """
    if people < LEAST:
        raise ValueError(f"A generated tenant has at least {LEAST} people, not {people}.")
    nicknames = Nicknames(tuple(role.nickname for role in CAST))
    guests = invite(people // 20, draw, nicknames)
    services = create_services(max(3, people * 6 // 1000), draw)
    shared = create_shared_mailboxes(max(3, people * 12 // 1000), draw)
    administrators = max(3, people * 8 // 1000)
    others = len(guests) + len(services) + len(shared) + administrators
    staff = hire(people - others, draw, nicknames)
    owners = [person for person in staff if person.department.name == "Information Technology"]
    admins = create_admins(draw.sample(owners, administrators), draw)
    return Roster(staff, guests, services, admins, shared)
