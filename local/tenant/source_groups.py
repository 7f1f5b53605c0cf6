"""The groups that say who people are and what they work on: sources for bundle policies.

Prefixes: ORG organization, DEP departments, FLD the field workforce (three deep), PRJ projects
(PRJ-Borealis and PRJ-Cobalt contain each other), SEC security, CPL the Copilot pilot, and one of
each kind that no bundle can write to: DYN dynamic, AD synced, MES mail-enabled security,
M365 a team, ROLE role-assignable.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from local.tenant.cast import CAST_IDS
from local.tenant.countries import COUNTRIES
from local.tenant.departments import DEPARTMENTS
from local.tenant.groups import (
    Resource,
    dynamic,
    group_id,
    security_group,
    synced,
    with_mailbox,
)
from local.tenant.roster import Roster
from local.tenant.staff import Employee


def source_groups(roster: Roster, draw: Random) -> list[Resource]:
    """Return every group of the tenant but those that carry licenses."""
    parts = (_organization, _field_workforce, _projects, _security, _pilot, _special)
    return [group for part in parts for group in part(roster, draw)]


def ids(people: Iterable[Employee]) -> list[str]:
    """Return the object ids of these employees."""
    return [person.user["id"] for person in people]


def _some[T](draw: Random, items: Sequence[T], share: float, least: int = 1) -> list[T]:
    return draw.sample(items, min(len(items), max(least, round(len(items) * share))))


def _organization(roster: Roster, draw: Random) -> Iterator[Resource]:
    names: dict[str, list[str]] = {"Office": [], "Field": []}
    for department in DEPARTMENTS:
        name = f"DEP-{department.name}"
        names["Field" if department.field else "Office"].append(name)
        members = [person for person in roster.staff if person.department is department]
        yield security_group(name, f"Everyone in {department.name}", ids(members))
    for kind, departments in names.items():
        yield security_group(f"ORG-{kind} staff", f"{kind} departments", map(group_id, departments))
    both = map(group_id, ("ORG-Office staff", "ORG-Field staff"))
    yield security_group("ORG-All staff", "Everyone employed", both)


def _field_workforce(roster: Roster, draw: Random) -> Iterator[Resource]:
    field = [person for person in roster.staff if person.department.field]
    regions = list(dict.fromkeys(country.region for country in COUNTRIES))
    nowhere = [person for person in field if not person.user.get("country")]
    above = [*map(group_id, (f"FLD-{region}" for region in regions)), *ids(nowhere)]
    yield security_group("FLD-Field workforce", "Everyone who works away from a desk", above)
    contractors = [guest["id"] for guest in roster.guests if guest["id"] not in CAST_IDS]
    for region in regions:
        there = [person for person in field if person.country.region == region]
        countries = [country for country in COUNTRIES if country.region == region]
        nested = [group_id(f"FLD-{country.name}") for country in countries]
        leads = ids(_some(draw, there, 0.02)) if there else []
        yield security_group(f"FLD-{region}", f"Field workforce, {region}", nested + leads)
        for country in countries:
            local = ids(person for person in there if person.country is country)
            visiting = _some(draw, contractors, 0.01) if local else []
            label = f"Field workforce in {country.name}, with contractors"
            yield security_group(f"FLD-{country.name}", label, local + visiting)


def _projects(roster: Roster, draw: Random) -> Iterator[Resource]:
    makers = roster.of("Engineering", "Product Management", "Operations")
    suppliers = [guest["id"] for guest in roster.guests if guest["id"] not in CAST_IDS]
    parts = [group_id("PRJ-Atlas Design"), group_id("PRJ-Atlas Suppliers")]
    yield security_group("PRJ-Atlas", "Project Atlas", ids(_some(draw, makers, 0.05, 4)) + parts)
    yield security_group("PRJ-Atlas Design", "Drawing office", ids(_some(draw, makers, 0.03, 3)))
    yield security_group("PRJ-Atlas Suppliers", "Guests", _some(draw, suppliers, 0.1, 2))
    for name, other in (("PRJ-Borealis", "PRJ-Cobalt"), ("PRJ-Cobalt", "PRJ-Borealis")):
        members = [*ids(_some(draw, makers, 0.04, 4)), group_id(other)]
        yield security_group(name, f"Project {name[4:]}; shares its people with {other}", members)


def _security(roster: Roster, draw: Random) -> Iterator[Resource]:
    guards = _some(draw, roster.of("Information Technology"), 0.12, 2)
    responders = _some(draw, roster.of("Engineering"), 0.02, 1)
    nested = [group_id("SEC-Incident response")]
    yield security_group(
        "SEC-Information security", "People with elevated duties", ids(guards) + nested
    )
    yield security_group("SEC-Incident response", "On call for incidents", ids(responders))


def _pilot(roster: Roster, draw: Random) -> Iterator[Resource]:
    office = roster.of(*(department.name for department in DEPARTMENTS if not department.field))
    waves = ("CPL-Wave 1", "CPL-Wave 2")
    yield security_group("CPL-Copilot pilot", "All waves of the pilot", map(group_id, waves))
    yield security_group(waves[0], "Volunteers", ids(_some(draw, office, 0.03, 4)))
    second = [*ids(_some(draw, office, 0.02, 4)), group_id("DEP-Product Management")]
    yield security_group(waves[1], "Volunteers, and all of product management", second)


def _special(roster: Roster, draw: Random) -> Iterator[Resource]:
    guests = [guest["id"] for guest in roster.guests]
    rule = '(user.userType -eq "Guest")'
    yield security_group("DYN-Guests", "All guests", guests, **dynamic(rule))
    germans = [user["id"] for user in roster.users() if _german(user)]
    rule = '(user.country -eq "Germany") -and (user.userType -eq "Member")'
    yield security_group("DYN-Germany", "Members in Germany", germans, **dynamic(rule))
    controllers = ids(_some(draw, roster.of("Finance", "Operations"), 0.15, 3))
    yield security_group("AD-Controlling", "Controlling", controllers, **synced("Controlling"))
    council = ids(_some(draw, roster.of("Marketing", "Engineering", "Manufacturing"), 0.01, 3))
    address = with_mailbox("workscouncil")
    yield security_group("MES-Works council", "Works council", council, **address)
    team = {"groupTypes": ["Unified"], "securityEnabled": False, "visibility": "Private"}
    launch = ids(_some(draw, roster.of("Marketing", "Sales", "Product Management"), 0.03, 5))
    team |= with_mailbox("product-launch")
    yield security_group("M365-Product launch", "The launch team", launch, **team)
    helpdesk = [admin["id"] for admin in _some(draw, roster.admins, 0.3)]
    role = {"isAssignableToRole": True}
    yield security_group("ROLE-Helpdesk administrators", "May reset passwords", helpdesk, **role)


def _german(user: Resource) -> bool:
    return user.get("country") == "Germany" and user["userType"] == "Member"
