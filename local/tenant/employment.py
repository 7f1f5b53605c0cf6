"""What Graph tells about an employee's work, place and standing, gaps included."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from local.tenant.countries import Country, pick
from local.tenant.departments import Department
from local.tenant.groups import Resource

TODAY = date(2026, 11, 1)
"""The day of the generated tenant. It stands still, so that the same seed gives the same bytes."""


def work(department: Department) -> Resource:
    """Return the properties that follow from the department."""
    return {
        "department": department.name,
        "employeeOrgData": {
            "costCenter": department.cost_center,
            "division": department.division,
        },
        "onPremisesExtensionAttributes": {
            "extensionAttribute1": department.cost_class,
            "extensionAttribute2": "field" if department.field else "office",
        },
    }


def place(country: Country, draw: Random) -> Resource:
    """Return the properties that follow from the country, with a city and telephone of it."""
    city = pick(draw, country.cities)
    line = int(draw.random() * 9000) + 1000
    return {
        "country": country.name,
        "usageLocation": country.code,
        "city": city.name,
        "state": city.state,
        "officeLocation": f"{city.office}/{line % 40 + 1:02d}",
        "preferredLanguage": country.language,
        "businessPhones": [f"{country.phone} 555 {line}"],
        "mobilePhone": f"{country.phone} 555 {line + 10_000}" if line % 5 < 2 else None,
    }


def standing(draw: Random) -> Resource:
    """Return what tells joiners and leavers: about 2 % start later, about 4 % are disabled."""
    ahead, chance = draw.random() < 0.02, draw.random()
    # The product of two chances makes recent hires the likelier ones, exactly so on any machine.
    days = int(chance * 400) + 5 if ahead else -int(draw.random() * draw.random() * 8000)
    hired = TODAY + timedelta(days=days)
    return {
        "accountEnabled": draw.random() >= 0.04,
        "employeeType": _employee_type(chance),
        "employeeHireDate": f"{hired}T00:00:00Z",
        "createdDateTime": f"{min(hired, TODAY) - timedelta(days=3)}T07:30:00Z",
        "onPremisesSyncEnabled": True if draw.random() < 0.85 else None,
        "otherMails": [],
    }


def _employee_type(chance: float) -> str:
    if chance < 0.9:
        return "Employee"
    return "Contractor" if chance < 0.97 else "Intern"


def leave_gaps(user: Resource, draw: Random) -> None:
    """Take attributes from a few people: half lose the value, half the property itself."""
    for attribute in _gaps(draw.random()):
        user[attribute] = None
        if draw.random() < 0.5:
            del user[attribute]


def _gaps(chance: float) -> Iterator[str]:
    if chance < 0.015:
        yield "department"
    if 0.014 < chance < 0.03:
        yield from ("country", "usageLocation", "city", "state", "officeLocation")
