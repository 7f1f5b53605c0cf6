"""The attribute mapping: what a path means, what rules see of it, and what it says of the rest."""

from pathlib import Path
from typing import Any

import pytest

from domain.attributes import on_demand
from domain.bundle import Bundle
from domain.bundle_text import read_files
from domain.decision.difference import differences_of
from domain.decision.entitlement import entitle
from domain.errors import BundleError, Held, Never, RuleError
from domain.inventory.people import Column, attributes_of
from domain.inventory.snapshot import Snapshot
from domain.mapping import DEFAULT, ROWS, Table, mapped, read_path, source_of_path
from domain.policy_schema import policy_schema
from domain.rule import View, parse_rule
from domain.rule.cases import evaluate_case
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from tests.unit.office import Office
from tests.unit.worlds import E3, NOW, bundle, group, guid, known, person, snapshot

DOCS = Path(__file__).parents[2] / "docs/mapping.md"
PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "mapping_rows.tsv").read_text().splitlines()[1:]
]
BADGE = "extension_0123456789abcdef0123456789abcdef_badge"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
COST_CENTER = "employeeOrgData.costCenter"

USER: dict[str, Any] = {
    "id": guid("ada"),
    "accountEnabled": True,
    "businessPhones": ["+47 1"],
    "city": "Oslo",
    "companyName": "Contoso",
    "country": "Norway",
    "department": "Sales",
    "displayName": "Ada Brandt",
    "employeeHireDate": "2026-01-01T00:00:00Z",
    "employeeId": "4711",
    "employeeOrgData": {"costCenter": "CC-7", "division": "Nordics"},
    "employeeType": "Employee",
    "faxNumber": "+47 2",
    "givenName": "Ada",
    "jobTitle": "Manager",
    "mail": "ada@contoso.example",
    "mailNickname": "ada",
    "manager": {"id": guid("eve")},
    "mobilePhone": "+47 3",
    "officeLocation": "Oslo/12",
    "onPremisesExtensionAttributes": {f"extensionAttribute{n}": f"x{n}" for n in range(1, 16)},
    "postalCode": "0150",
    "preferredLanguage": "nb-NO",
    "state": "Viken",
    "streetAddress": "Karl Johan 1",
    "surname": "Brandt",
    "usageLocation": "NO",
    "userPrincipalName": "ada@contoso.example",
}
EXPECTED = {
    "Name": "Ada Brandt",
    "FriendlyName": "Ada Brandt",
    "LastName": "Brandt",
    "FirstName": "Ada",
    "Title": "Manager",
    "Email": "ada@contoso.example",
    "Department": "Sales",
    "EmployeeID": "4711",
    "StreetAddress": "Karl Johan 1",
    "City": "Oslo",
    "State": "Viken",
    "Country": "Norway",
    "PostalCode": "0150",
    "PreferredLanguage": "nb-NO",
    "Fax": "+47 2",
    "Active": "true",
    "BusinessPhone": "+47 1",
    "Company": "Contoso",
    "CostCenter": "CC-7",
    "CustomAttribute10": "NO",
    "Division": "Nordics",
    "EffectiveStartDate": "2026-01-01T00:00:00Z",
    "EmailAlias": "ada",
    "EmployeeType": "Employee",
    "Login": "ada@contoso.example",
    "ManagerPersonID": guid("eve"),
    "MobilePhone": "+47 3",
    "Office": "Oslo/12",
    **{f"ExtensionAttribute{n}": f"x{n}" for n in range(1, 16)},
}
ABSENT = {
    "AboutMe", "Description", "effectiveEndDate", "GenerationalSuffix", "HomeTelephone",
    "MiddleName", "PhotoURL", "Telephone",
}  # fmt: skip
READ_APART = {
    "OofAudience", "OofEndDate", "OofExternalMsg", "OofInternalMsg", "OofStartDate", "OofStatus",
}  # fmt: skip


def people_of_user(user: dict[str, Any], table: Table = DEFAULT) -> Snapshot:
    also = on_demand(table.reads(f"person.{name}" for name in table.sources))
    return mapped(snapshot([person("ada", **attributes_of(user, also))], {}), table)


def test_the_default_table_has_every_row_of_the_list_we_ship() -> None:
    assert (len(PAIRS), len({name for _, name in PAIRS})) == (75, 57)
    assert sorted(PAIRS) == sorted(ROWS)


def test_every_attribute_has_a_value_or_a_reason_why_it_has_none() -> None:
    people = people_of_user(USER).people

    for name in DEFAULT.names.values():
        key = f"person.{name.lower()}"
        if name in ABSENT | READ_APART:
            assert bool(DEFAULT.why_not(key)) is (name in ABSENT)
            with pytest.raises(Held, match=name):
                people.column(key)
        else:
            assert people.column(key)[0] == EXPECTED[name], name
    assert set(DEFAULT.names.values()) == ABSENT | READ_APART | set(EXPECTED)


@pytest.mark.parametrize("name", sorted({name for _, name in PAIRS}))
def test_several_rows_of_one_attribute_mean_the_same(name: str) -> None:
    rows = [source_of_path(read_path(path)) for path, target in PAIRS if target == name]
    assert len({(row.attribute, row.because) for row in rows}) == 1


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("employeeOrgData.costCenter", COST_CENTER),
        ("EMPLOYEEORGDATA.costcenter", COST_CENTER),
        (f"['{ENTERPRISE}'].['costCenter']", COST_CENTER),
        (f"{ENTERPRISE}:costCenter", COST_CENTER),
        (f'["{ENTERPRISE}"]["manager"]["value"]', "manager"),
        ('addresses[type eq "work"].postalCode', "postalCode"),
        ("addresses[?(@.type == 'Work')].postalCode", "postalCode"),
        ("phoneNumbers[?@.type=='mobile'].value", "mobile"),
        ("mobilePhone", "mobile"),
        ("extensionAttribute7", "extensionAttribute7"),
        ("onPremisesExtensionAttributes.extensionAttribute7", "extensionAttribute7"),
        (BADGE.replace("abcdef", "ABCDEF", 1), BADGE),
        ("onPremisesSamAccountName", "onPremisesSamAccountName"),
    ],
)  # fmt: skip
def test_a_path_means_the_same_however_it_is_written(path: str, attribute: str) -> None:
    assert source_of_path(read_path(path)).attribute == attribute


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "The path ends at character 1"),
        (".city", "Found '.city' at character 1"),
        ("addresses[?(@.kind=='work')].city", "at character 10"),
        ("addresses[?(@.type=='work'].", "The path ends at character 28|Found '.' at character 28"),
        ("['work'", "at character 1"),
        ("[?@.type=='work'].value", "at character 1"),
        ("['urn:example:User'].['x']", "urn:example:User, which is not known"),
        ("employeeOrgData.costCentre", "Did you mean employeeOrgData.costCenter"),
        ("assignedPlans", "Neither Graph's user nor SCIM has 'assignedPlans'"),
        ("x" * 301, "301 characters"),
    ],
)
def test_a_path_that_is_none_is_refused_with_its_place(path: str, words: str) -> None:
    with pytest.raises(Never, match=words):
        source_of_path(read_path(path))


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        ('person.CostCenter -eq "cc-7"', True),
        ('PERSON.costcenter -startsWith "CC" -and user.department -eq "Sales"', True),
        ('person.CostCenter -in ["CC-1", "CC-2"]', False),
        ("person.CostCenter -eq null", False),
        ("person.Active -eq true", True),
        ('person.Active -eq "false"', False),
        ("person.EffectiveStartDate -le system.now", True),
        ("person.EffectiveStartDate -ge 2026-06-01", False),
        ('person.Office -match "^Oslo/[0-9]+$"', True),
        ('-not (person.Division -notContains "nord")', True),
    ],
)
def test_rules_name_mapped_attributes(rule: str, met: bool) -> None:
    case = {"rule": rule, "user": USER, "now": NOW.isoformat()}
    assert evaluate_case(case)["result"] is met


def test_a_mapped_attribute_without_a_value_is_missing_as_any_other() -> None:
    user = {**USER, "employeeOrgData": None}
    for rule, met in (('-eq "x"', False), ('-ne "x"', True), ("-eq null", True)):
        case = {"rule": f"person.CostCenter {rule}", "user": user}
        assert evaluate_case(case)["result"] is met


def test_a_date_that_is_none_holds_the_rule_instead_of_being_guessed_at() -> None:
    view = View(*_seen(people_of_user(USER)), NOW)
    with pytest.raises(Held, match="where a date belongs"):
        parse_rule("person.City -le system.now").of(view)


def _seen(snapshot: Snapshot) -> tuple[Any, Any]:
    return snapshot.people, snapshot.memberships


def test_of_several_sources_the_first_with_a_value_counts() -> None:
    table = DEFAULT.with_rows({"Section": ["extensionAttribute7", COST_CENTER, "department"]})
    people = [
        person("ada", department="Sales", extensionAttribute7="A", **{COST_CENTER: "C"}),
        person("ben", department="Sales", **{COST_CENTER: "C"}),
        person("cyd", department="Sales", **{COST_CENTER: None}),
        person("dan", **{COST_CENTER: None}),
    ]
    seen = mapped(snapshot(people, {}), table).people
    column: Column = seen.column("person.section")
    found = {seen.id(row): column[row] for row in range(4)}
    names = dict(zip("ABCD", ("ada", "ben", "cyd", "dan"), strict=True))
    assert [found[guid(name)] for name in names.values()] == ["A", "C", "Sales", None]


def test_what_entra_knows_by_the_same_name_is_advised_to_be_of_the_mapping() -> None:
    with pytest.raises(RuleError, match=r"Did you mean person\.CostCenter"):
        parse_rule('user.costCenter -eq "x"')
    with pytest.raises(RuleError, match="one name of the attribute mapping"):
        parse_rule('person.name.first -eq "x"')
    with pytest.raises(RuleError, match="which is about collections"):
        parse_rule('person.Email -any (_ -eq "x")')


def test_the_tenants_own_sources_take_the_place_of_the_default_ones() -> None:
    text = """
tenant:
  mapping:
    CostCenter: extensionAttribute3
    Badge: [extension_0123456789abcdef0123456789abcdef_badge, employeeId]
"""
    tenant = read_files({"tenant.yaml": text}).tenant
    assert tenant
    table = tenant.attributes()
    assert table.attributes("person.costcenter") == ("extensionAttribute3",)
    assert len(table.attributes("person.badge")) == 2
    assert table.attributes("person.city") == ("city",)
    assert TenantPolicy.model_validate_json(tenant.model_dump_json()) == tenant


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("CostCenter: employeeOrgData.costCentre", "Did you mean employeeOrgData.costCenter"),
        ("Middle: name.middleName", "Graph's user has no middle name"),
        ("CostCenter: []", "at least 1"),
        ("'cost center': city", "cost center"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_on_its_line(line: str, words: str) -> None:
    with pytest.raises(BundleError, match=words) as refused:
        read_files({"tenant.yaml": f"tenant:\n  mapping:\n    City: city\n    {line}\n"})
    assert str(refused.value).startswith("tenant.yaml:4: ")


def test_one_attribute_in_two_spellings_is_refused() -> None:
    text = "tenant:\n  mapping:\n    Badge: employeeId\n    badge: city\n"
    with pytest.raises(BundleError, match="Badge and badge are one attribute"):
        read_files({"tenant.yaml": text})


def test_a_compile_takes_the_mapping_of_the_tenants_policy() -> None:
    ada = person("ada", extensionAttribute3="CC-7")
    ben = person("ben", extensionAttribute3="CC-8")
    e3 = bundle("e3", policy={"rule": 'person.CostCenter -eq "CC-7"'})
    world = snapshot([ada, ben], {group("e3", E3): []})

    terms = Terms(tenant=TenantPolicy(mapping={"CostCenter": ("extensionAttribute3",)}))
    found, blocked = differences_of([e3], {"e3": known(e3)}, world, terms, NOW)
    assert not blocked
    assert world.people.names(found[0].joining) == [ada.id]

    _, blocked = differences_of([e3], {"e3": known(e3)}, world, Terms(), NOW)
    assert COST_CENTER in blocked["e3"]


def test_whoever_forgets_the_mapping_is_held_and_not_guessed_at() -> None:
    e3 = bundle("e3", policy={"rule": 'person.City -eq "Oslo"'})
    with pytest.raises(Held, match="city"):
        entitle(e3, snapshot([person("ada", city="Oslo")], {group("e3", E3): []}), NOW)


async def test_a_mapped_attribute_is_inventoried_once_a_stored_rule_names_it() -> None:
    office = Office()
    await office.offer("e3")
    ada, ben = office.tenant.add_person("Ada"), office.tenant.add_person("Ben")
    office.tenant.move(ada, **{COST_CENTER: "CC-7"})
    await office.settle()
    before = await office.warehouse.latest()
    assert before
    assert COST_CENTER not in before.people.columns

    e5 = await office.offer("e5", policy={"rule": 'person.costCenter -eq "CC-7"'})
    await office.settle()
    assert office.members(e5) == {ada}

    office.tenant.move(ben, **{COST_CENTER: "CC-7"})
    office.tenant.move(ada, **{COST_CENTER: None})
    await office.settle()
    assert office.members(e5) == {ben}


async def test_explain_shows_the_mapped_value() -> None:
    office = Office()
    ada = office.tenant.add_person("Ada")
    office.tenant.move(ada, **{COST_CENTER: "CC-7"})
    await office.offer("e5", policy={"rule": 'person.CostCenter -eq "CC-8"'})
    await office.settle()

    told = await office.jobs.explain(ada)

    assert told
    assert told.bundles[0].clauses[0].found == 'person.costcenter is "CC-7"'


async def test_whatif_follows_a_mapping_that_changes() -> None:
    office = Office()
    ada = office.tenant.add_person("Ada", extensionAttribute3="CC-7", extensionAttribute4="CC-8")
    await office.jobs.push({"t.yaml": "tenant: {mapping: {Cost: extensionAttribute3}}"}, "me", "r")
    e5 = await office.offer("e5", policy={"rule": 'person.Cost -eq "CC-7"'})
    await office.settle()
    assert office.members(e5) == {ada}

    effect = await office.jobs.whatif({"t.yaml": "tenant: {mapping: {Cost: extensionAttribute4}}"})

    assert ada in effect.people()


def test_the_page_on_the_mapping_lists_every_row_and_what_has_no_source() -> None:
    text = DOCS.read_text()
    for path, name in ROWS:
        (line,) = [one for one in text.splitlines() if one.startswith(f"| `{path}` | `{name}` |")]
        source = source_of_path(read_path(path))
        assert (f"`{source.attribute}`" if source.attribute else "none") in line
    assert "mapping" in policy_schema()["$defs"]["TenantPolicy"]["properties"]


def test_the_bundle_says_which_attributes_it_names() -> None:
    one: Bundle = bundle("e3", policy={"rule": 'person.City -eq "Oslo" -or user.city -eq "Oslo"'})
    assert DEFAULT.reads(one.attributes()) == {"city"}
