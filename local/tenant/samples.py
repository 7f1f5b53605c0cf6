"""The license groups of the sample bundles, in the words of the files in bundles/.

Each audience says in Python what the policy of its bundle says in YAML; the tests hold the two
together, so that the tenant has right and wrong members and enough seats at every size.
"""

from local.tenant.cast import CAST
from local.tenant.groups import Resource
from local.tenant.license_groups import LicenseGroup
from local.tenant.population import Population

_ID = {role.nickname: role.id for role in CAST}
_OFFICE = (
    "Sales",
    "Marketing",
    "Finance",
    "Engineering",
    "Product Management",
    "Information Technology",
    "Operations",
)
_SENSITIVE = ("Legal", "Human Resources", "Executive Office")
_LEADING = ("Director", "Vice President")


def _office(people: Population) -> list[Resource]:
    elsewhere = people.circle("SEC-Information security") | {_ID["noor.whitfield"]}
    return [user for user in people.of(*_OFFICE) if user["id"] not in elsewhere]


def _sensitive(people: Population) -> list[Resource]:
    listed = people.circle("SEC-Information security")
    listed |= {_ID["noor.whitfield"], _ID["mei.lindqvist"]}
    return [
        user
        for user in people.users
        if user.get("department") in _SENSITIVE or user["id"] in listed
    ]


def _field(people: Population) -> list[Resource]:
    return [user for user in people.within("FLD-Field workforce") if user["userType"] == "Member"]


def _customer_service(people: Population) -> list[Resource]:
    return people.of("Customer Service")


def _client_facing(people: Population) -> list[Resource]:
    return [
        user
        for user in people.of("Sales", "Marketing")
        if user.get("jobTitle") != "Working Student"
    ]


def _analysts(people: Population) -> list[Resource]:
    controllers = people.circle("AD-Controlling")
    return [
        user
        for user in people.users
        if user.get("department") == "Finance"
        or "Analyst" in (user.get("jobTitle") or "")
        or user["id"] in controllers
    ]


def _drawing(people: Population) -> list[Resource]:
    suppliers = people.circle("PRJ-Atlas Suppliers")
    projects = (people.circle("PRJ-Atlas") | people.circle("PRJ-Borealis")) - suppliers
    projects |= {_ID["lena.marchetti"]}
    return [user for user in people.users if user["id"] in projects]


def _project_managers(people: Population) -> list[Resource]:
    titles = ("Project Manager", "Program Manager")
    return [user for user in people.users if user.get("jobTitle") in titles]


def _pilot(people: Population) -> list[Resource]:
    pilot = people.circle("CPL-Copilot pilot")
    council = people.circle("MES-Works council")
    return [
        user
        for user in people.users
        if user["id"] not in council
        and (user["id"] in pilot or (user.get("jobTitle") or "").startswith(_LEADING))
    ]


def _administrators(people: Population) -> list[Resource]:
    return [user for user in people.users if user["userPrincipalName"].startswith("adm-")]


SAMPLE_LICENSE_GROUPS = (
    LicenseGroup("LIC-M365-E3", "Microsoft 365 E3 for office staff",
                 {"SPE_E3": ("SWAY", "KAIZALA_O365_P3")}, _office, 0.7, _SENSITIVE),
    LicenseGroup("LIC-M365-E5", "Microsoft 365 E5 for sensitive work",
                 {"SPE_E5": ()}, _sensitive, 0.6, ("Finance",)),
    LicenseGroup("LIC-M365-F3", "Microsoft 365 F3 for the field workforce",
                 {"SPE_F1": ("SWAY",)}, _field, 0.65),
    LicenseGroup("LIC-Customer-Service", "Office 365 E3 with telephony",
                 {"ENTERPRISEPACK": (), "EMS": (), "MCOEV": ()}, _customer_service, 0.5,
                 ("Sales",)),
    LicenseGroup("LIC-Teams-Premium", "Teams Premium for client-facing staff",
                 {"Microsoft_Teams_Premium": ()}, _client_facing, 0.4, ("Operations",)),
    LicenseGroup("LIC-Power-BI-Pro", "Power BI Pro for analysts",
                 {"POWER_BI_PRO": ()}, _analysts, 0.5, ("Sales", "Engineering")),
    LicenseGroup("LIC-Visio-Projects", "Visio for projects",
                 {"VISIOCLIENT": ()}, _drawing, 0.3, ("Marketing",)),
    LicenseGroup("LIC-Project-Plan-3", "Project Plan 3 for project managers",
                 {"PROJECTPROFESSIONAL": ()}, _project_managers, 0.6, ("Logistics",)),
    LicenseGroup("LIC-Copilot", "Microsoft 365 Copilot for the pilot",
                 {"Microsoft_365_Copilot": ()}, _pilot, 0.3, ("Legal",)),
    LicenseGroup("LIC-Entra-P2", "Entra ID P2 for administrators",
                 {"AAD_PREMIUM_P2": ()}, _administrators, 0.0),
)  # fmt: skip
