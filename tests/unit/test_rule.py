"""Rules choose whom Entra's documentation says they choose, and refuse in words."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.attributes import NAMES
from domain.errors import Held, RuleError
from domain.inventory.membership import Memberships
from domain.inventory.people import attributes_of, people_of
from domain.rule import View, parse_rule
from domain.rule.cases import evaluate_case
from domain.rule.operators import OPERATORS
from tests.unit.worlds import NOW, guid, person

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "rules/conformance.json").read_text()
)
ADA = person(
    "Ada",
    department="Sales",
    country="Norway",
    manager=guid("Cleo"),
    proxyAddresses=("SMTP:ada@contoso.com", "smtp:a@fabrikam.com"),
    employeeHireDate="2026-11-22T09:00:00Z",
)
BEN = person("Ben", department="IT", country="Kenya", accountEnabled=False, manager=None)
CLEO = person("Cleo")
PEOPLE = people_of([ADA, BEN, CLEO])
ROWS = {name: int(PEOPLE.rows([guid(name)])[0]) for name in ("Ada", "Ben", "Cleo")}
STAFF, NESTED = guid("staff"), guid("nested")
GROUPS = Memberships(
    {STAFF: PEOPLE.rows([BEN.id]), NESTED: PEOPLE.rows([ADA.id])}, {STAFF: (NESTED,)}
)
VIEW = View(PEOPLE, GROUPS, NOW)


def chosen(rule: str) -> set[str]:
    mask = parse_rule(rule).of(VIEW)
    return {name for name, row in ROWS.items() if mask[row]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_conformance(case: dict[str, Any]) -> None:
    answer = evaluate_case(case)
    assert answer["result"] == case["result"], answer["message"]
    assert bool(answer["message"]) == (case["result"] == "error")


def test_a_case_is_told_apart_by_its_name() -> None:
    names = [case["id"] for case in CASES]
    assert len(names) == len(set(names)) >= 120


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ('user.department -eq "sales"', {"Ada"}),
        ('user.department -ne "sales"', {"Ben", "Cleo"}),
        ("user.department -eq null", {"Cleo"}),
        ("user.accountEnabled -ne true", {"Ben"}),
        ('user.country -eq "Kenya" -or user.country -eq "Norway" -and user.department -eq "IT"',
         {"Ben"}),
        ('-not user.department -eq "Sales" -and user.accountEnabled -eq true', {"Cleo"}),
        ('user.proxyAddresses -any (_ -endsWith "fabrikam.com")', {"Ada"}),
        ('user.proxyAddresses -all (_ -endsWith "fabrikam.com")', {"Ben", "Cleo"}),
        ('user.proxyAddresses -notContains "fabrikam"', {"Ben", "Cleo"}),
        ("user.employeeHireDate -le system.now", {"Ada"}),
        ("-not user.employeeHireDate -le system.now", {"Ben", "Cleo"}),
        # Members of a nested group are no members of the outer one.
        (f'user.memberOf -any (group.objectId -in ["{STAFF}"])', {"Ben"}),
        (f'user.memberOf -any (group.objectId -in ["{STAFF}", "{NESTED}"])', {"Ada", "Ben"}),
        (f'Direct Reports for "{guid("Cleo")}"', {"Ada", "Cleo"}),
    ],
)  # fmt: skip
def test_a_rule_chooses_among_people(rule: str, who: set[str]) -> None:
    assert chosen(rule) == who


@pytest.mark.parametrize(
    ("rule", "position", "words"),
    [
        ("", 0, "Found the end of the rule, expected a property"),
        ('user.departmnt -eq "44"', 0, "Did you mean user.department?"),
        ('user.shoeSize -eq "44"', 0, "attribute not supported"),
        ('user.manager -eq "x"', 0, "Direct Reports for"),
        ('user.extensionAttribute16 -eq "x"', 0, "They are user.extensionAttribute1 to 15."),
        ('user.city -in ("Bonn", "Kiel")', 14, "expected a list such as"),
        ('user.city notIn ( "Bonn")', 16, "it stands in brackets [ ]"),
        ('user.city == "x"', 10, "Did you mean -eq?"),
        ('user.city != "x"', 10, "Did you mean -ne?"),
        ('user.city -equals "x"', 10, "Did you mean -eq?"),
        ('user.city -startWith "x"', 10, "Did you mean -startsWith?"),
        ('user.city -like "x"', 10, "Did you mean -startsWith, -contains or -match?"),
        ('user.skills -any (skill -eq "x")', 0, "attribute not supported"),
        ('not user.otherMail -any (mail -eq "x")', 4, "Did you mean user.otherMails?"),
        ('user.otherMails -any (mail -eq "x")', 22, "Found 'mail'"),
        ("user.department -eq Sales", 20, 'expected a text in double quotes: write "Sales"'),
        ("user.employeeId -eq 417", 20, 'write "417"'),
        ("user.department -eq Sales-North", 20, "Found 'Sales-North'"),
        ('user.department -eq "Sales', 20, "Its closing quote is missing"),
        ('user.department -eq "a" "b"', 24, "expected -and or -or or the end of the rule"),
        ('user.department -in "a"', 20, "-in and -notIn compare with a list"),
        ('user.department -eq ["a"]', 20, "only -in and -notIn compare with a list"),
        ('user.department -in ["a", 5]', 26, 'write "5"'),
        ("user.department -in [ ]", 20, "at least one text"),
        ('(user.department -eq "a"', 24, 'expected ")"'),
        ("user.accountEnabled -contains true", 20, "expected -eq or -ne"),
        ('user.accountEnabled -eq "yes"', 24, "expected true, false or null"),
        ("user.department -eq true", 20, 'write "true"'),
        ("user.department -contains null", 26, "is compared with -eq or -ne, not with -contains"),
        ('user.city -in ["a", null]', 20, "null is compared with -eq or -ne"),
        ("user.department -in null", 20, "null"),
        ("user.employeeHireDate -le null", 26, "not with -le"),
        ("user.department -not null", 16, "Absence is tested with -eq null or -ne null"),
        ('user.department -like "S*"', 16, "an operator: -eq -ne"),
        ('user.department -match "(a"', 23, "no regular expression"),
        ('user.objectId -ne null\n-or user.mail -match "*@x"', 44, "nothing to repeat"),
        ('user.department -le "a"', 16, "compares dates"),
        ("user.employeeHireDate -eq system.now", 26, "-le or -ge"),
        ("user.employeeHireDate -le system.now -plus P1D -plus P1D", 47, "no second one"),
        ("user.employeeHireDate -le system.now -plus P1X", 43, "expected a duration"),
        ("user.employeeHireDate -le 2026-02-30", 26, "not a date such as"),
        ('user.employeeHireDate -le "soon"', 26, "expected a date such as"),
        ('user.employeeHireDate -startsWith "2"', 22, "-eq, -ne, -le or -ge"),
        ('device.deviceOSType -eq "iOS"', 0, "a property such as user.department"),
        ('user.otherMails -any _ -eq "x"', 21, 'expected "("'),
        ('user.otherMails -match "x"', 16, "use -any"),
        ('user.otherMails -any (user.city -eq "x")', 22, "expected _"),
        ('user.assignedPlans -any (assignedPlan.x -eq "x")', 25, "assignedPlan.servicePlanId"),
        ('user.assignedPlans -eq "x"', 19, "expected -any or -all"),
        ('user.city -any (_ -eq "x")', 10, "user.city is none"),
        ('_ -eq "x"', 0, "inside -any"),
        ('user.city -eq "x" -and Direct Reports for "b"', 23, "cannot be combined"),
        ('user.otherMails -any (Direct Reports for "b")', 22, "cannot be combined"),
        ('user.otherMails -any (user.otherMails -any (_ -eq "x"))', 22, "inside another"),
        ('not user.memberOf -any (group.objectId -in ["x"])', 4, "alone"),
        ('user.memberOf -all (group.objectId -in ["x"])', 0, "-any (group.objectId -in"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_position_and_what_was_expected(
    rule: str, position: int, words: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_rule(rule)
    assert refusal.value.position == position
    assert words in str(refusal.value)
    caret = str(refusal.value).splitlines()[-1]
    assert caret.strip() == "^"
    assert len(caret) - 3 == position - (rule.rfind("\n", 0, position) + 1)


@pytest.mark.parametrize("spare", [0, 1])
def test_a_rule_may_be_as_long_as_entra_allows_and_no_longer(spare: int) -> None:
    rule = 'user.department -eq "'.ljust(3071 + spare, "x") + '"'
    if spare:
        with pytest.raises(RuleError, match="3073 characters; Entra allows 3072"):
            parse_rule(rule)
    else:
        assert chosen(rule) == set()


@pytest.mark.parametrize("groups", [50, 51])
def test_a_rule_may_name_as_many_groups_as_entra_allows_and_no_more(groups: int) -> None:
    ids = ", ".join(f'"G{n}"' for n in range(groups))
    rule = f"user.memberOf -any (group.objectId -in [{ids}])"
    if groups > 50:
        with pytest.raises(RuleError, match="50 groups at most, not 51"):
            parse_rule(rule)
    else:
        assert parse_rule(rule).groups == tuple(f"g{n}" for n in range(50))


def test_parentheses_may_be_as_deep_as_they_like_and_conditions_not() -> None:
    assert chosen("(" * 900 + "user.department -eq null" + ")" * 900) == {"Cleo"}
    assert chosen("not " * 98 + "user.department -eq null") == {"Cleo"}
    for depth in (99, 600):
        with pytest.raises(RuleError, match="nested more than 100 deep"):
            parse_rule("not " * depth + "user.department -eq null")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('user.extension_0123456789abcdef0123456789abcdef_cost -eq "1"', "not in this inventory"),
        ('user.assignedPlans -any (assignedPlan.service -eq "SCO")', "user.assignedPlans is not"),
        # Though everyone is chosen by then: a rule is understood as a whole.
        ("user.objectId -ne null -or user.assignedPlans -all (assignedPlan.service -eq null)",
         "user.assignedPlans is not"),
        ('user.memberOf -any (group.objectId -in ["GONE"])', "Group gone is not in the directory"),
    ],
)  # fmt: skip
def test_what_was_not_inventoried_is_unknown_and_holds(rule: str, words: str) -> None:
    with pytest.raises(Held, match=words):
        parse_rule(rule).of(VIEW)
    with pytest.raises(Held, match=words):
        parse_rule(rule).explain(VIEW, 0)


def test_what_is_no_date_holds_because_it_is_neither_early_nor_late() -> None:
    people = people_of([person("Dee", employeeHireDate="last summer")])
    with pytest.raises(Held, match="“last summer” where a date belongs"):
        parse_rule("user.employeeHireDate -le system.now").of(View(people, GROUPS, NOW))


def test_the_moment_is_that_of_the_view() -> None:
    rule = parse_rule("user.employeeHireDate -ge system.now -plus P7D")
    for early, many in ((timedelta(), 0), (timedelta(days=7), 1), (timedelta(days=6.9), 0)):
        assert rule.of(View(PEOPLE, GROUPS, NOW - early)).sum() == many


def test_a_rule_tells_what_it_reads() -> None:
    rule = parse_rule(
        'user.DEPARTMENT -eq "a" -or (user.accountEnabled -eq true -and '
        "not user.assignedPlans -any (assignedPlan.service -eq null)) -or user.otherMails -ne null"
    )
    assert rule.attributes == {"department", "accountEnabled", "assignedPlans", "otherMails"}
    assert rule.groups == ()
    assert parse_rule('Direct Reports for "X"').attributes == {"manager", "objectId"}
    assert parse_rule('user.memberOf -any (group.objectId -in ["A","b","a"])').groups == ("a", "b")


@pytest.mark.parametrize(
    ("rule", "timed"),
    [
        ("user.employeeHireDate -le 2026-01-01", False),
        ("user.city -eq null -or not (user.employeeHireDate -le system.now)", True),
        ("user.city -eq null", False),
    ],
)
def test_a_rule_tells_whether_time_alone_changes_its_answer(rule: str, timed: bool) -> None:
    assert parse_rule(rule).timed is timed


def test_the_parts_of_an_or_are_rules_with_their_own_text() -> None:
    rule = parse_rule(
        ' ((user.city -eq "a")) -or (user.city -eq "b" -and user.state -eq "c") or\n'
        '(user.city -eq "d" -or -not (user.city -ne "e"))  '
    )
    assert [part.text for part in rule.alternatives()] == [
        'user.city -eq "a"',
        'user.city -eq "b" -and user.state -eq "c"',
        'user.city -eq "d"',
        '-not (user.city -ne "e")',
    ]
    assert rule.alternatives()[1].attributes == {"city", "state"}
    assert rule.alternatives()[0].alternatives() == rule.alternatives()[:1]


def test_a_rule_without_or_is_its_own_only_part() -> None:
    (part,) = parse_rule('(user.department -eq "Sales")').alternatives()
    assert part.text == 'user.department -eq "Sales"'
    assert part.of(VIEW).sum() == 1


def test_a_rule_is_compiled_once() -> None:
    assert parse_rule("user.city -eq null") is parse_rule("user.city -eq null")


def test_nobody_is_chosen_among_nobody() -> None:
    nobody = View(people_of([]), Memberships({}, {}), NOW)
    rule = 'user.city -match "a" -or user.otherMails -all (_ -eq "x") -or user.city -in ["a"]'
    assert parse_rule(rule).of(nobody).tolist() == []


def test_a_custom_property_is_found_in_any_letter_case() -> None:
    rule = parse_rule('user.Extension_0123456789ABCDEF0123456789abcdef_COST -eq "5"')
    user = {"extension_0123456789abcdef0123456789abcdef_Cost": 5}
    assert list(attributes_of(user, rule.attributes).values())[-1] == "5"


def test_the_page_about_rules_tells_no_lies() -> None:
    page = (Path(__file__).parents[2] / "docs/rules.md").read_text()
    examples, refused = re.findall(r"```\n(.*?)```", page, re.DOTALL)
    for example in examples.splitlines():
        assert parse_rule(example).text == example
    with pytest.raises(RuleError) as refusal:
        parse_rule(refused.splitlines()[1].strip())
    assert str(refusal.value) == refused.rstrip()
    named = set(re.findall(r"`(\w+)`", page))
    numbered = {f"extensionAttribute{n}" for n in range(2, 15)}
    assert set(NAMES) - numbered <= named
    assert {operator.lower() for operator in re.findall(r"`-(\w+)", page)} >= set(OPERATORS)
