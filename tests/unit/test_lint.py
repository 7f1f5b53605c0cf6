"""Each check of lint finds what it is named for, on its line, and leaves good policy alone."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import domain.lint
from domain.bundle import Bundle
from domain.errors import BundleError
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.lint import CODES, Finding, lint, read_files
from domain.tenant_policy import TenantPolicy
from tests.unit.worlds import E3, E5, NOW, bundle, group, guid, person, snapshot

EXCHANGE_1, EXCHANGE_2, TEAMS, PHONE = (
    "EXCHANGE_S_STANDARD",
    "EXCHANGE_S_ENTERPRISE",
    "TEAMS1",
    "MCOEV",
)
E1_SKU, PHONE_SKU = guid("E1"), guid("phone")
SALES = {"rule": 'user.department -eq "Sales"'}
FINANCE = {"rule": 'user.department -eq "Finance"'}


def product(sku: str, name: str, *plans: str, seats: int = 100) -> Product:
    return Product(sku, name, seats, plans={guid(plan): plan for plan in plans})


WORLD = snapshot(
    [
        person("ada", department="Sales"),
        person("ben", department="Sales"),
        person("eve", department="Finance"),
        person("old", department="Finance", accountEnabled=False),
    ],
    {
        group("LIC-E3", E3): ["ada"],
        group("LIC-E5", E5): [],
        group("LIC-E1", E1_SKU): [],
        group("LIC-Phone", PHONE_SKU): [],
        group("LIC-All", E3, E5): [],
        group("DYN", E3, types=("DynamicMembership",)): [],
        group("pilot"): ["ada", "eve"],
        group("nobody"): [],
    },
    [
        product(E3, "SPE_E3", EXCHANGE_2, TEAMS, "SWAY"),
        product(E5, "SPE_E5", EXCHANGE_2, TEAMS, "SWAY", "DEFENDER"),
        product(E1_SKU, "STANDARDPACK", EXCHANGE_1, TEAMS),
        product(PHONE_SKU, "MCOEV", PHONE),
    ],
)
GOOD = bundle("LIC-E3", policy=SALES)


def found(
    *bundles: Bundle,
    tenant: Mapping[str, Any] | None = None,
    stored: Sequence[Bundle] = (),
    in_force: TenantPolicy | None = None,
    world: Snapshot | None = WORLD,
) -> list[Finding]:
    files = {
        f"{each.id}.yaml": yaml.safe_dump(
            each.model_dump(mode="json", exclude_unset=True), sort_keys=False
        )
        for each in bundles
    }
    if tenant is not None:
        files["tenant.yaml"] = yaml.safe_dump({"tenant": tenant}, sort_keys=False)
    return lint(read_files(files), stored, in_force or TenantPolicy(), world, NOW)


def one(code: str, findings: Sequence[Finding]) -> Finding:
    """Return the only finding of a check."""
    (finding,) = [each for each in findings if each.code == code]
    return finding


def line(finding: Finding, of: Bundle) -> str:
    """Return what stands on the line a finding points to."""
    name, _, number = finding.at.partition(":")
    assert name == f"{of.id}.yaml"
    text = yaml.safe_dump(of.model_dump(mode="json", exclude_unset=True), sort_keys=False)
    return text.splitlines()[int(number) - 1].strip()


def test_good_policy_has_no_findings() -> None:
    e5 = bundle("LIC-E5", E5, policy=FINANCE, supersedes=["lic-e3"])
    pool = {"name": "north", "product": E3, "seats": 5, "bundles": ["lic-e3"]}
    assert found(GOOD, e5, tenant={"pools": [pool]}) == []


def test_before_the_first_inventory_it_says_so_once_and_checks_what_needs_none() -> None:
    loop = [
        bundle("LIC-E3", policy=SALES, supersedes=["lic-e5"]),
        bundle("LIC-E5", E5, policy=SALES, supersedes=["lic-e3"]),
    ]
    findings = found(*loop, world=None)
    assert {each.code for each in findings} == {"no-inventory", "relation-cycle"}
    assert one("no-inventory", findings).level == "warning"


def test_offline_nobody_can_tell_which_bundles_are_stored() -> None:
    addon = bundle("LIC-E5", E5, policy=SALES, requires=["lic-e3"])
    files = {"addon.yaml": addon.model_dump_json()}
    findings = lint(read_files(files), None, TenantPolicy(), None, NOW)
    assert {(each.code, each.level) for each in findings} == {
        ("no-inventory", "warning"),
        ("unknown-bundle", "warning"),
    }
    assert all(each.sentence.startswith(("Offline", "No file has")) for each in findings)


@pytest.mark.parametrize(
    ("code", "level", "fields", "sentence", "at"),
    [
        (
            "unknown-product", "error", {"products": [{"sku": E3[:-1] + "0"}]},
            f"no subscription for product .* Did you mean SPE_E3, {E3}", "- sku: ",
        ),
        (
            "unknown-plan", "error", {"products": [{"sku": E3, "disabled_plans": [guid("x")]}]},
            "SPE_E3 has no service plan", f"- {guid('x')}",
        ),
        (
            "unknown-plan", "error", {"products": [{"sku": E3, "disabled_plans": [guid(PHONE)]}]},
            "It is one of MCOEV", f"- {guid(PHONE)}",
        ),
        (
            "missing-dependency", "warning", {"products": [{"sku": PHONE_SKU}]},
            "MCOEV needs TEAMS1 or MCOSTANDARD, which neither", "- sku: ",
        ),
        (
            "disabled-dependency", "error",
            {"products": [{"sku": E3, "disabled_plans": [guid("SWAY"), guid(TEAMS)]},
                          {"sku": PHONE_SKU}]},
            "TEAMS1 is disabled, but MCOEV of this bundle needs TEAMS1 or MCOS", f"- {guid(TEAMS)}",
        ),
        (
            "exclusive-plans", "error", {"products": [{"sku": E3}, {"sku": E1_SKU}]},
            "EXCHANGE_S_ENTERPRISE and EXCHANGE_S_STANDARD exclude each other", "products:",
        ),
        (
            "rule-meets-no-one", "warning", {"policy": {"rule": 'user.department -eq "Salse"'}},
            "No one of 4 people", "rule:",
        ),
        (
            "rule-meets-everyone", "warning", {"policy": {"rule": 'user.department -ne "Salse"'}},
            "All 4 accounts", "rule:",
        ),
        (
            "rule-meets-no-one", "warning",
            {"policy": SALES, "priority": [SALES["rule"], "user.city -ne null"]},
            "No one of 4 people", "- user.city -ne null",
        ),
        (
            "no-one-entitled", "warning", {"policy": {"groups": [guid("nobody")]}},
            "entitles no one as of now", "policy:",
        ),
        (
            "no-one-entitled", "warning", {"policy": SALES | {"excluded": SALES}},
            "All 2 people the policy names are excluded", "excluded:",
        ),
        (
            "unfit-target", "error", {"target": {"group": guid("gone")}},
            "Target group .* is not in the directory", "group: ",
        ),
        (
            "unfit-target", "error", {"target": {"group": guid("DYN")}},
            "is dynamic", "group: ",
        ),
        (
            "target-license", "warning", {"products": [{"sku": E3}, {"sku": E5}]},
            "LIC-E3 does not carry SPE_E5", "- sku: ",
        ),
        (
            "target-license", "warning",
            {"products": [{"sku": E3, "disabled_plans": [guid("SWAY")]}]},
            "LIC-E3 has SWAY of SPE_E3 enabled, unlike this bundle", "- sku: ",
        ),
        (
            "target-license", "warning", {"target": {"group": guid("LIC-All")}},
            "LIC-All also hands out SPE_E5", "products:",
        ),
        (
            "unknown-group", "error", {"policy": {"groups": [guid("gone")]}},
            "is not in the directory", f"- id: {guid('gone')}",
        ),
        (
            "unknown-group", "error",
            {"policy": {"rule": f"user.memberOf -any (group.objectId -in ['{guid('gone')}'])"}},
            "is not in the directory", "rule: ",
        ),
        (
            "empty-group", "warning",
            {"policy": {"rule": SALES["rule"], "excluded": {"groups": [guid("nobody")]}}},
            "Group nobody .* is empty", f"- id: {guid('nobody')}",
        ),
        (
            "undecidable", "warning", {"policy": {"rule": 'user.assignedPlans -any (assignedPlan.'
                                                  'service -eq "exchange")'}},
            "not in this inventory", "policy:",
        ),
        (
            "unknown-person", "warning", {"policy": {"people": [guid("gone"), guid("ada")]}},
            "is not in the directory", f"- {guid('gone')}",
        ),
        (
            "listed-and-excluded", "warning",
            {"policy": SALES | {"people": [guid("ada")], "excluded": {"people": [guid("ada")]}}},
            "is excluded by the same policy", f"- {guid('ada')}",
        ),
        (
            "request-over", "warning",
            {"policy": {"requests": [
                {"person": guid("ada"), "start": "2026-01-01", "until": "2026-11-21", "reason": "x"}
            ]}},
            "ended on 2026-11-21", "until: ",
        ),
        (
            "unknown-bundle", "error", {"policy": SALES, "supersedes": ["lic-e1", "e7"]},
            "There is no bundle e7", "- e7",
        ),
        (
            "unknown-bundle", "error", {"policy": SALES, "requires": ["lic-e2"]},
            r"There is no bundle lic-e2. Did you mean lic-e\d\?", "- lic-e2",
        ),
    ],
)  # fmt: skip
def test_a_bundle_that_is_wrong_or_suspicious_is_named(
    code: str, level: str, fields: dict[str, Any], sentence: str, at: str
) -> None:
    wrong = Bundle.model_validate(GOOD.model_dump(exclude_unset=True) | {"policy": SALES} | fields)
    beside = bundle("LIC-E1", E1_SKU, policy=FINANCE)

    finding = one(code, [each for each in found(wrong, beside) if each.at.startswith(wrong.id)])

    assert finding.level == level
    assert re.search(sentence, finding.sentence), finding.sentence
    assert line(finding, wrong).startswith(at)


PHONES = {"product": PHONE_SKU, "name": "phones", "seats": 5, "bundles": ["lic-e3"]}


@pytest.mark.parametrize(
    ("code", "level", "tenant", "sentence", "number"),
    [
        ("unknown-product", "error", {"pools": [PHONES | {"product": guid("x")}]}, "no subs", 3),
        ("unknown-product", "warning", {"prices": [{"product": guid("x"), "monthly": 1}]}, "", 3),
        ("unknown-plan", "warning", {"exclusive_plans": [["SWAI", "TEAMS1"]]}, "you .*SWAY", 3),
        ("unknown-bundle", "error", {"pools": [PHONES | {"bundles": ["lic-e33"]}]}, "Did you", 7),
        ("idle-pool", "error", {"pools": [PHONES]}, "No bundle of pool phones hands out MCOEV", 6),
        (
            "idle-pool", "warning",
            {"pools": [PHONES | {"product": E3, "bundles": ["lic-e3", "lic-e1"]}]},
            "In pool phones, lic-e1 does not hand out SPE_E3", 6,
        ),
        (
            "pool-too-large", "warning",
            {"pools": [PHONES | {"product": E3, "seats": seats, "name": id, "bundles": [id]}
                       for id, seats in (("lic-e3", 60), ("lic-e1", 41))]},
            "set aside 101 seats; there are 100", 10,
        ),
        (
            "price-twice", "error",
            {"prices": [{"product": E3, "monthly": 30}, {"product": E3, "monthly": 31.5}]},
            "SPE_E3 has a price already: 30 USD", 5,
        ),
    ],
)  # fmt: skip
def test_a_tenants_policy_that_is_wrong_or_suspicious_is_named(
    code: str, level: str, tenant: dict[str, Any], sentence: str, number: int
) -> None:
    beside = bundle("LIC-E1", E1_SKU, policy=FINANCE)

    finding = one(code, found(GOOD, beside, tenant=tenant))

    assert (finding.level, bool(re.search(sentence, finding.sentence))) == (level, True), finding
    assert finding.at == f"tenant.yaml:{number}"
    stored = found(GOOD, beside, in_force=TenantPolicy.model_validate(tenant))
    assert (one(code, stored).level, one(code, stored).at) == ("warning", "tenant (stored)")


def test_bundles_for_the_same_people_whose_plans_exclude_each_other_are_refused() -> None:
    e1 = bundle("LIC-E1", E1_SKU, policy={"groups": [guid("pilot")]})

    finding = one("exclusive-plans", found(GOOD, e1))

    assert finding.level == "error"
    assert finding.sentence == (
        "EXCHANGE_S_STANDARD excludes EXCHANGE_S_ENTERPRISE of lic-e3, and 1 person is entitled"
        " to both. Exclude them here or there."
    )
    assert [each.code for each in found(GOOD, bundle("LIC-E1", E1_SKU, policy=FINANCE))] == []


def test_superseding_cannot_replace_what_excludes_the_new_license() -> None:
    better = bundle("LIC-E3", policy=SALES, supersedes=["lic-e1"])
    e1 = bundle("LIC-E1", E1_SKU, policy=SALES)

    finding = one("exclusive-plans", found(better, e1))

    assert finding.level == "error"
    assert "cannot be given the other first" in finding.sentence


def test_a_pair_that_the_tenant_adds_excludes_too() -> None:
    e5 = bundle("LIC-E5", E5, policy=SALES)
    pair = {"exclusive_plans": [["DEFENDER", "SWAY"]]}

    findings = [each for each in found(e5, tenant=pair) if each.code == "exclusive-plans"]

    assert [each.sentence for each in findings] == [
        "DEFENDER and SWAY exclude each other. Disable one of them."
    ]


def test_a_clash_that_nobody_can_exclude_is_a_warning() -> None:
    plans = 'user.assignedPlans -any (assignedPlan.service -eq "exchange")'
    e1 = bundle("LIC-E1", E1_SKU, policy={"rule": plans})

    finding = one("exclusive-plans", found(GOOD, e1))

    assert (finding.level, "nobody can tell" in finding.sentence) == ("warning", True)


def test_a_product_that_another_bundle_brings_as_well_is_paid_for_twice() -> None:
    e5 = bundle("LIC-E5", E5, policy=SALES)

    finding = one("paid-twice", found(GOOD, e5))

    assert finding.level == "warning"
    assert finding.sentence.startswith("2 people get SPE_E3 here and all of its service plans fro")
    assert line(finding, GOOD).startswith("- sku")
    assert found(GOOD, bundle("LIC-E5", E5, policy=SALES, supersedes=["lic-e3"])) == []


def test_an_add_on_for_people_without_its_base_is_suspicious() -> None:
    phone = bundle("LIC-Phone", PHONE_SKU, requires=["lic-e3"])
    finding = one("base-not-entitled", found(GOOD, phone))
    assert finding.sentence.startswith("1 of the 3 people entitled are not entitled to lic-e3, nor")

    better = bundle("LIC-E5", E5, policy=FINANCE, supersedes=["lic-e3"])
    assert found(GOOD, phone, better) == []


def test_a_target_of_a_stored_bundle_is_not_for_another_one() -> None:
    other = bundle("LIC-E3", name="other", policy=FINANCE)
    finding = one("target-used-twice", found(GOOD, stored=[other]))
    assert (finding.level, finding.sentence) == (
        "error",
        "The target group is already used by other.",
    )


def test_a_stored_bundle_keeps_its_target() -> None:
    finding = one("moved-target", found(bundle("LIC-All", name="lic-e3"), stored=[GOOD]))
    assert (finding.level, guid("LIC-E3") in finding.sentence) == ("error", True)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('person.CostCentre -eq "x"', "Did you mean person.CostCenter?"),
        ('person.MiddleName -eq "x"', "Graph's user has no middle name"),
    ],
)
def test_a_rule_on_a_mapped_attribute_that_nobody_can_read_is_an_error(
    rule: str, words: str
) -> None:
    finding = one("unmapped-attribute", found(bundle("LIC-E3", policy={"rule": rule})))
    assert (finding.level, words in finding.sentence) == ("error", True)


def test_a_join_names_what_it_cannot_tell() -> None:
    people = [person(f"p{n}", employeeId="0", mail="team@x") for n in range(4)]
    people += [person(f"q{n}", employeeId=str(n // 2 + 1), mail=f"{n}@x") for n in range(4)]
    people += [person("r", employeeId="9", mail="0@x"), person("s", mail="0@x")]
    candidate = read_files(
        {"t.yaml": "tenant:\n  join:\n    keys: [employeeId, mail]\n    most: 3"}
    )
    world = snapshot(people, {})

    findings = [
        each
        for each in lint(candidate, [], TenantPolicy(), world, NOW)
        if each.code == "ambiguous-join"
    ]

    assert [(each.level, each.at) for each in findings] == [
        ("warning", "t.yaml:2"),
        ("warning", "t.yaml:3"),
        ("warning", "t.yaml:3"),
        ("warning", "t.yaml:3"),
    ]
    said = " ".join(each.sentence for each in findings)
    assert "1 values of employeeId are shared by more than 3 accounts" in said
    assert guid("s") in said
    assert "2 accounts come first beside another" in said


def test_a_join_by_what_nobody_can_read_is_an_error() -> None:
    candidate = read_files({"t.yaml": "tenant:\n  join: {keys: [person.MiddleName]}"})
    found = lint(candidate, [], TenantPolicy(), WORLD, NOW)
    assert "error" in {each.level for each in found if each.code == "unmapped-attribute"}
    read = read_files({"t.yaml": "tenant:\n  join: {keys: [person.CostCenter]}"})
    (unread,) = [
        each for each in lint(read, [], TenantPolicy(), WORLD, NOW) if each.code == "ambiguous-join"
    ]
    assert "is not in this inventory" in unread.sentence


def test_a_bundle_for_primary_accounts_needs_a_join() -> None:
    e3 = bundle("LIC-E3", accounts="primary")
    assert one("accounts-not-joined", found(e3)).level == "error"


def test_a_mapped_attribute_that_there_is_is_judged_like_any_other() -> None:
    met = found(bundle("LIC-E3", policy={"rule": 'person.Department -eq "Sales"'}))
    assert "unmapped-attribute" not in {each.code for each in met}
    assert "undecidable" not in {each.code for each in met}


@pytest.mark.parametrize("field", ["supersedes", "requires"])
def test_a_circle_of_bundles_is_named_once_with_its_way(field: str) -> None:
    names = ["a", "b", "c"]
    ring = [
        Bundle.model_validate(
            bundle(f"LIC-{name}", name=name).model_dump(exclude_unset=True) | {field: [following]}
        )
        for name, following in zip(names, ["b", "c", "a"], strict=True)
    ]
    finding = one("relation-cycle", found(*ring, world=None))
    assert (finding.level, finding.sentence) == (
        "error",
        "The bundles go round in a circle: a → b → c → a.",
    )
    part = one("relation-cycle", found(ring[1], stored=[ring[0], ring[2]], world=None))
    assert (part.level, part.at.startswith("b.yaml:")) == ("error", True)


def test_a_requirement_that_superseding_takes_away_is_refused() -> None:
    e3 = bundle("LIC-E3", policy=SALES, requires=["lic-e5"])
    e5 = bundle("LIC-E5", E5, policy=SALES, supersedes=["lic-e3"])
    assert "no one keeps both" in one("unreachable-base", found(e3, e5)).sentence

    greedy = bundle("LIC-E5", E5, policy=SALES, supersedes=["lic-e3"], requires=["lic-e3"])
    assert "takes its own base" in one("unreachable-base", found(GOOD, greedy)).sentence


def test_what_only_stored_bundles_do_wrong_stops_no_push() -> None:
    wrong = [
        bundle("LIC-E3", name="a", policy=SALES, requires=["b"]),
        bundle("LIC-E1", name="b", policy=SALES, requires=["a"], products=[{"sku": E1_SKU}]),
    ]
    findings = found(bundle("LIC-E5", E5, policy=FINANCE), stored=wrong)
    assert {each.level for each in findings} == {"warning"}
    assert one("relation-cycle", findings).at == "a (stored)"


def test_findings_come_in_order_of_file_and_line() -> None:
    wrong = bundle("LIC-E3", policy={"groups": [guid("gone")], "people": [guid("away")]})
    findings = found(wrong, bundle("LIC-E1", E1_SKU, products=[{"sku": guid("x")}]))
    places = [each.at.split(":") for each in findings]
    assert places == sorted(places, key=lambda place: (place[0], int(place[1])))


IDS = st.sampled_from([*map(guid, ("ada", "gone", "pilot", "nobody", "LIC-E3", "LIC-All", "x"))])
RULES = st.sampled_from(
    [
        SALES["rule"],
        'user.city -eq "x" -or user.department -ne null',
        'user.assignedPlans -any (assignedPlan.service -eq "exchange")',
        f"user.memberOf -any (group.objectId -in ['{guid('gone')}'])",
    ]
)
PARTS = {"groups": st.lists(IDS, max_size=2), "people": st.lists(IDS, max_size=2)}
NAMES = st.lists(st.sampled_from(["a", "b", "c", "e7"]), max_size=2)


def documents(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.just(name),
            "name": st.just(name),
            "target": st.fixed_dictionaries({"group": IDS}),
            "products": st.lists(
                st.fixed_dictionaries(
                    {"sku": st.sampled_from([E3, E5, E1_SKU, PHONE_SKU, guid("x")])},
                    optional={
                        "disabled_plans": st.lists(st.sampled_from([guid(TEAMS), guid("x")]))
                    },
                ),
                min_size=1,
                max_size=2,
            ),
            "policy": st.fixed_dictionaries(
                {"rule": RULES},
                optional=PARTS
                | {"excluded": st.fixed_dictionaries({"rule": RULES}, optional=PARTS)},
            ),
        },
        optional={"supersedes": NAMES, "requires": NAMES, "priority": st.lists(RULES, max_size=2)},
    )


@given(
    st.lists(st.sampled_from("abc"), unique=True, min_size=1).flatmap(
        lambda names: st.tuples(*map(documents, names))
    ),
    st.lists(documents("c"), max_size=1),
    st.sampled_from([WORLD, None]),
)
def test_whatever_a_policy_says_lint_answers_with_findings(
    pushed: tuple[dict[str, Any], ...], stored: list[dict[str, Any]], world: Snapshot | None
) -> None:
    def valid(documents: Sequence[dict[str, Any]]) -> list[Bundle]:
        try:
            return [Bundle.model_validate(document) for document in documents]
        except ValidationError:
            return []

    try:
        candidate = read_files(
            {f"{each.id}.json": each.model_dump_json() for each in valid(pushed)}
        )
    except BundleError:
        return
    findings = lint(candidate, valid(stored), TenantPolicy(), world, NOW)

    assert all(each.code in CODES and each.sentence for each in findings)
    assert all(each.level == "warning" for each in findings if each.at.endswith("(stored)"))


def test_every_check_is_a_file_and_has_a_test() -> None:
    files = Path(domain.lint.__file__).parent.glob("*.py")
    names = {file.stem.replace("_", "-") for file in files}
    assert set(CODES) == names - {"--init--", "case", "finding", "named"}
    text = Path(__file__).read_text()
    assert [code for code in CODES if f'"{code}"' not in text] == []
