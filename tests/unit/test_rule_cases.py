"""A case that makes no sense gets an answer in words, whatever it is made of."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.rule.cases import evaluate_case

RULE = 'user.city -eq "Oslo"'
OSLO = {"city": "Oslo"}
COST = "extension_0123456789abcdef0123456789abcdef_cost"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (None, "A case is an object"),
        ([], "A case is an object"),
        ({}, "has nothing where its rule"),
        ({"rule": 5, "user": {}}, "has 5 where its rule"),
        ({"rule": RULE}, "has nothing where its user"),
        ({"rule": RULE, "user": [1]}, "has [1] where its user"),
        ({"rule": RULE, "user": {}, "groups": "g"}, "has 'g' where a list of group ids"),
        ({"rule": RULE, "user": {}, "groups": [1]}, "has [1] where a list of group ids"),
        ({"rule": RULE, "user": {}, "now": 5}, "has 5 where an instant, its now,"),
        ({"rule": RULE, "user": {}, "now": "noon"}, "has 'noon' where an instant, its now,"),
        ({"rule": RULE, "user": {"city": 5}}, "has 5 where city, a text,"),
        ({"rule": RULE, "user": {"mail": ["a"]}}, "has ['a'] where mail, a text,"),
        ({"rule": RULE, "user": {"accountEnabled": "true"}}, "where accountEnabled, true or false"),
        ({"rule": RULE, "user": {"otherMails": "a"}}, "where otherMails, a list of texts,"),
        ({"rule": RULE, "user": {"proxyAddresses": [None]}}, "where proxyAddresses, a list of"),
        ({"rule": RULE, "user": {"businessPhones": [5]}}, "where businessPhones, a text,"),
        ({"rule": RULE, "user": {"employeeHireDate": "soon"}}, "where employeeHireDate, an inst"),
        ({"rule": RULE, "user": {"onPremisesExtensionAttributes": []}},
         "has [] where onPremisesExtensionAttributes, an object,"),
        ({"rule": "user.assignedPlans -all (assignedPlan.service -eq null)",
          "user": {"assignedPlans": ["SCO"]}}, "where assignedPlans, a list of plans,"),
        ({"rule": "user.assignedPlans -all (assignedPlan.service -eq null)",
          "user": {"assignedPlans": [{"service": 5}]}}, "where assignedPlans, a list of plans,"),
        ({"rule": 'Direct Reports for "x"', "user": {"manager": "x"}},
         "has 'x' where manager, an object,"),
        ({"rule": f"user.{COST} -eq null", "user": {COST: ["a"]}}, "a text, a number or a flag,"),
        ({"rule": "user.employeeHireDate -le system.now", "user": {}}, "does not say when it is"),
        ({"rule": "user.city", "user": {}}, "expected an operator"),
    ],
)  # fmt: skip
def test_a_malformed_case_is_an_error_with_a_sentence(case: Any, words: str) -> None:
    answer = evaluate_case(case)
    assert answer["result"] == "error"
    assert words in answer["message"]


def test_an_answer_carries_the_id_of_its_case() -> None:
    case = {"id": 7, "rule": RULE, "user": OSLO}
    assert evaluate_case(case) == {"id": 7, "result": True, "message": ""}
    assert evaluate_case({"id": ["x"], "rule": "", "user": {}})["id"] == ["x"]


def test_now_may_come_from_outside_and_the_cases_own_wins() -> None:
    case = {
        "rule": "user.employeeHireDate -le system.now",
        "user": {"employeeHireDate": "2026-01-01T00:00:00Z"},
    }
    assert evaluate_case(case, datetime(2026, 1, 1, tzinfo=UTC))["result"] is True
    early = {**case, "now": "2025-01-01T00:00:00Z"}
    assert evaluate_case(early, datetime(2026, 1, 1, tzinfo=UTC))["result"] is False


def test_null_groups_are_no_groups() -> None:
    rule = 'user.memberOf -any (group.objectId -in ["a"])'
    assert evaluate_case({"rule": rule, "user": {}, "groups": None})["result"] is False


def test_plans_need_not_be_well_formed_where_no_rule_asks_for_them() -> None:
    assert evaluate_case({"rule": RULE, "user": {**OSLO, "assignedPlans": 5}})["result"] is True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = ["city", "accountEnabled", "otherMails", "employeeHireDate", "assignedPlans", "manager",
        COST, "businessPhones", "onPremisesExtensionAttributes", "id"]  # fmt: skip
RULES = [
    'user.city -match "a" -or user.accountEnabled -eq true',
    'user.otherMails -any (_ -contains "a") -and user.telephoneNumber -ne null',
    "user.employeeHireDate -le system.now",
    'user.assignedPlans -any (assignedPlan.service -eq "a")',
    'Direct Reports for "a"',
    'user.memberOf -any (group.objectId -in ["a"])',
    f'user.{COST} -in ["5", "true"]',
]
USER = JSON | st.dictionaries(st.sampled_from(KEYS), JSON)
CASE = JSON | st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "rule": st.sampled_from(RULES) | JSON,
        "user": USER,
        "groups": JSON,
        "now": st.just("2026-01-01") | JSON,
    },
)


@given(CASE)
@settings(max_examples=150, deadline=None)
def test_any_case_gets_an_answer(case: Any) -> None:
    answer = evaluate_case(case)
    assert set(answer) == {"id", "result", "message"}
    assert answer["result"] in (True, False, "error")
    assert (answer["result"] == "error") == bool(answer["message"])


@given(st.sampled_from(RULES), USER.filter(lambda user: isinstance(user, dict)))
@settings(max_examples=150, deadline=None)
def test_any_user_gets_an_answer(rule: str, user: Any) -> None:
    answer = evaluate_case({"rule": rule, "user": user, "now": "2026-01-01"})
    assert (answer["result"] == "error") == bool(answer["message"])
