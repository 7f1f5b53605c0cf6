"""What the people of a crowd are like: made from a number, the same every time."""

from typing import Any

from simulators.graph.wire import JsonObject

PRODUCTS = (
    ("c5928f49-12ba-48f7-ada3-0d743a3601d5", "VISIOCLIENT"),
    ("06ebc4ee-1bb5-47dd-8120-11324bc54e06", "SPE_E5"),
    ("05e9a617-0261-4cee-bb44-138d3ef5d965", "SPE_E3"),
    ("f30db892-07e9-47e9-837c-80727f46fd3d", "FLOW_FREE"),
)


def _words(text: str) -> list[str]:
    return text.split()


_GIVEN = _words(
    "Amara Boris Chen Dana Emil Freya Goran Hana Ines Joao Klara Liam Mara Nils Olga Pavel"
)
_SURNAMES = _words(
    "Andersson Baker Costa Diaz Fischer Garcia Hansen Ito Kowalski Larsen Moreau Nguyen"
)
_FIELDS = _words("Sales Marketing Research Support Finance Legal Operations Purchasing")
_REGIONS = _words("EMEA APAC Americas Nordics Global")
_JOBS = _words("Representative Manager Engineer Analyst Assistant Architect Designer Technician")
_COUNTRIES = _words("US CA GB DE FR IN PL BR MX NO SE DK FI NL BE ES IT PT CH AT JP AU")
_CITIES = _words("Oslo Seattle Toronto London Berlin Paris Pune Warsaw Bergen Madrid Rome Osaka")
_LICENSES = [
    [{"disabledPlans": [], "skuId": PRODUCTS[n][0]}, {"disabledPlans": [], "skuId": PRODUCTS[3][0]}]
    for n in range(3)
]
_EXTENSIONS: JsonObject = {f"extensionAttribute{n}": None for n in range(1, 16)}


def person(number: int, object_id: str) -> JsonObject:
    """Return the user of this number in Graph's own shape, with about thirty properties set."""
    given = _GIVEN[number % 16]
    surname = _SURNAMES[number // 16 % 12]
    country = _COUNTRIES[number // 7 % 22]
    department = f"{_FIELDS[number // 11 % 8]} {_REGIONS[number // 90 % 5]}"
    nickname = f"{given}.{surname}{number}"
    name = f"{nickname}@contoso.example"
    plain = f"{number:07}"
    return {
        "accountEnabled": number % 50 != 0,
        "assignedLicenses": _LICENSES[number % 3],
        "businessPhones": [f"+1 555 {plain}"],
        "city": _CITIES[number // 13 % 12],
        "companyName": "Contoso Ltd" if number % 5 else "Fabrikam",
        "country": country,
        "department": department,
        "displayName": f"{given} {surname}",
        "employeeHireDate": f"20{10 + number % 15}-0{1 + number % 9}-01T00:00:00Z",
        "employeeId": f"E{plain}",
        "givenName": given,
        "id": object_id,
        "imAddresses": [name],
        "jobTitle": f"{_JOBS[number // 17 % 8]} {1 + number % 4}",
        "mail": name,
        "mailNickname": nickname,
        "mobilePhone": f"+47 9{plain}",
        "officeLocation": f"{number // 40 % 400}/{number // 8000 % 30}",
        "onPremisesDistinguishedName": f"CN={nickname},OU={department},DC=contoso,DC=example",
        "onPremisesExtensionAttributes": _extensions(number),
        "onPremisesSecurityIdentifier": f"S-1-5-21-1004336348-1177238915-682003330-{number + 1000}",
        "onPremisesSyncEnabled": True,
        "postalCode": f"{number // 3 % 9000 + 1000}",
        "preferredLanguage": "en-US" if number % 3 else "de-DE",
        "proxyAddresses": [f"SMTP:{name}", f"smtp:{nickname}@contoso.onmicrosoft.example"],
        "state": f"State {number // 19 % 60}",
        "streetAddress": f"{number // 30 % 900 + 1} Main Street",
        "surname": surname,
        "usageLocation": country,
        "userPrincipalName": name,
        "userType": "Member" if number % 20 else "Guest",
    }


def _extensions(number: int) -> JsonObject:
    cost_center, level = f"CC{number // 25 % 2000:04}", f"L{number % 9}"
    return {**_EXTENSIONS, "extensionAttribute1": cost_center, "extensionAttribute2": level}


def number_in(name: str) -> int | None:
    """Return the number in a user principal name of the crowd, None where there is none."""
    nickname, _, domain = name.partition("@")
    digits = nickname.partition(".")[2].lstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits) if domain == "contoso.example" and digits.isdecimal() else None


def group(number: int, object_id: str) -> JsonObject:
    """Return the group of this number."""
    return {
        "id": object_id,
        "displayName": f"Group {number}",
        "groupTypes": [],
        "mailEnabled": False,
        "mailNickname": f"group-{number}",
        "securityEnabled": True,
    }


def product(sku_id: str, part_number: str, organization: str, people: int) -> JsonObject:
    """Return a product with a seat for everyone and a few spare ones."""
    units: dict[str, Any] = {"enabled": people + 100, "warning": 0, "suspended": 0, "lockedOut": 0}
    return {
        "id": f"{organization}_{sku_id}",
        "capabilityStatus": "Enabled",
        "appliesTo": "User",
        "skuId": sku_id,
        "skuPartNumber": part_number,
        "consumedUnits": 0,
        "prepaidUnits": units,
        "servicePlans": [],
    }
