"""Why, and why not: every condition with the person's own value."""

import pytest

from domain.inventory.membership import Memberships
from domain.inventory.people import ServicePlan, people_of
from domain.rule import Clause, View, parse_rule
from tests.unit.worlds import NOW, guid, person

STAFF, BOARD = guid("staff"), guid("board")
ADA = person(
    "Ada",
    department="Sales",
    manager=guid("Cleo"),
    otherMails=tuple(f"a{n}@x.org" for n in range(7)),
    assignedPlans=(ServicePlan("p1", "SCO", "Enabled"), ServicePlan("p2", "", "")),
    employeeHireDate="2026-11-22T09:00:00Z",
)
CLEO = person("Cleo")
PEOPLE = people_of([ADA, CLEO])
VIEW = View(PEOPLE, Memberships({STAFF: PEOPLE.rows([ADA.id]), BOARD: PEOPLE.rows([])}, {}), NOW)


def why(rule: str, name: str = "Ada") -> Clause:
    return parse_rule(rule).explain(VIEW, int(PEOPLE.rows([guid(name)])[0]))


@pytest.mark.parametrize(
    ("rule", "name", "met", "found"),
    [
        ('user.department -eq "SALES"', "Ada", True, 'department is "Sales"'),
        ('user.department -ne "SALES"', "Cleo", True, "no department"),
        ("user.accountEnabled -eq false", "Ada", False, "accountEnabled is true"),
        ("user.employeeHireDate -le system.now", "Ada", True,
         'employeeHireDate is "2026-11-22T09:00:00Z"'),
        ('user.otherMails -any (_ -eq "a6@x.org")', "Ada", True,
         'otherMails are "a0@x.org", "a1@x.org", "a2@x.org", "a3@x.org", "a4@x.org" and 2 more'),
        ("user.otherMails -eq null", "Cleo", True, "no otherMails"),
        ('user.assignedPlans -all (assignedPlan.service -eq "SCO")', "Ada", False,
         "assignedPlans are SCO p1 (Enabled), plan p2 (no status)"),
        (f'user.memberOf -any (group.objectId -in ["{STAFF}", "{BOARD}"])', "Ada", True,
         f"direct member of {STAFF}"),
        (f'user.memberOf -any (group.objectId -in ["{STAFF}", "{BOARD}"])', "Cleo", False,
         "direct member of none of these groups"),
        (f'user.memberOf -any (group.objectId -in ["{BOARD}"])', "Ada", False,
         "no direct member of it"),
        (f'Direct Reports for "{guid("Cleo")}"', "Ada", True, f'manager is "{guid("Cleo")}"'),
        (f'Direct Reports for "{guid("Cleo").upper()}"', "Cleo", True, "is the manager"),
        (f'Direct Reports for "{guid("Ada")}"', "Cleo", False, "no manager"),
    ],
)  # fmt: skip
def test_a_condition_shows_the_persons_own_value(
    rule: str, name: str, met: bool, found: str
) -> None:
    assert why(rule, name) == Clause(rule, met, found)


def test_joined_conditions_are_explained_part_by_part() -> None:
    rule = (
        '(user.department -eq "IT" -or user.city -eq null) '
        '-and -not (user.otherMails -notContains "a1")'
    )
    either = 'user.department -eq "IT" -or user.city -eq null'
    bare = 'user.otherMails -notContains "a1"'
    mails = why('user.otherMails -contains "a1"').found
    assert why(rule) == Clause(
        rule,
        True,
        "",
        (
            Clause(
                either,
                True,
                "",
                (
                    Clause('user.department -eq "IT"', False, 'department is "Sales"'),
                    Clause("user.city -eq null", True, "no city"),
                ),
            ),
            Clause(f"-not ({bare})", True, "", (Clause(bare, False, mails),)),
        ),
    )


@pytest.mark.parametrize(("count", "end"), [(5, '"a4"'), (6, '"a4" and 1 more')])
def test_what_is_not_shown_is_counted(count: int, end: str) -> None:
    people = people_of([person("Dee", otherMails=tuple(f"a{n}" for n in range(count)))])
    clause = parse_rule("user.otherMails -ne null").explain(View(people, VIEW.memberships, NOW), 0)
    assert clause.found.endswith(end)
