"""Any rule means for a million people what a plain reading of it means for each of them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import RuleError
from domain.inventory.membership import Memberships
from domain.inventory.people import Person, attributes_of, people_of
from domain.rule import View, parse_rule
from tests.unit.rules.plain import GROUP_IDS, NOW, TREES, USERS, Tree, User, judge, write

WORDS = st.sampled_from(
    [
        *("user.department", "user.otherMails", "user.assignedPlans", "user.memberOf", "_"),
        *("user.employeeHireDate", "user.accountEnabled", "assignedPlan.service", "system.now"),
        *("group.objectId", "-eq", "-ne", "-in", "-notIn", "-match", "-contains", "-le", "-ge"),
        *("-any", "-all", "-and", "-or", "-not", "-plus", "-minus", "P1D", "(", ")", "[", "]", ","),
        *('"a"', "'b'", '"[a"', "null", "true", "5", "2026-01-01", "\u201cc\u201d", "\u2013eq"),
        *("Direct", "Reports", "for", "`", '"', "'", "\t", "\n"),
    ]
)
SPELLINGS = st.randoms(use_true_random=False)


def worlds() -> st.SearchStrategy[list[tuple[User, list[str]]]]:
    groups = st.lists(st.sampled_from(GROUP_IDS), unique=True)
    return st.lists(st.tuples(USERS, groups), min_size=1, max_size=8)


def view_of(world: list[tuple[User, list[str]]]) -> View:
    also = ("assignedPlans", "manager")
    people = people_of(
        Person(f"{row:04}", attributes_of(user, also)) for row, (user, _) in enumerate(world)
    )
    rows = {
        group: np.array([r for r, (_, held) in enumerate(world) if group in held], np.int32)
        for group in GROUP_IDS
    }
    return View(people, Memberships(rows, {}), NOW)


@given(TREES, worlds(), SPELLINGS)
@settings(max_examples=150, deadline=None)
def test_a_rule_means_what_it_says_for_everyone(
    tree: Tree, world: list[tuple[User, list[str]]], chance: Any
) -> None:
    rule = parse_rule(write(tree, chance.choice))
    expected = [judge(tree, user, groups) for user, groups in world]
    assert rule.of(view_of(world)).tolist() == expected


@given(TREES, worlds(), SPELLINGS)
@settings(max_examples=100, deadline=None)
def test_an_explanation_agrees_with_the_answer(
    tree: Tree, world: list[tuple[User, list[str]]], chance: Any
) -> None:
    rule, view = parse_rule(write(tree, chance.choice)), view_of(world)
    for row, met in enumerate(rule.of(view).tolist()):
        clause = rule.explain(view, row)
        assert clause.met == met
        assert clause.text in rule.text
        assert bool(clause.found) != bool(clause.parts)


@given(TREES, worlds(), SPELLINGS)
@settings(max_examples=100, deadline=None)
def test_alternatives_together_are_the_rule_and_each_reads_back_as_itself(
    tree: Tree, world: list[tuple[User, list[str]]], chance: Any
) -> None:
    rule, view = parse_rule(write(tree, chance.choice)), view_of(world)
    together = np.zeros(len(world), np.bool_)
    for part in rule.alternatives():
        together |= part.of(view)
        assert (parse_rule(part.text).of(view) == part.of(view)).all()
        assert part.attributes <= rule.attributes
    assert (together == rule.of(view)).all()


def refused_or_read(text: str) -> None:
    try:
        parse_rule(text)
    except RuleError as refusal:
        assert 0 <= refusal.position <= max(len(text), 3072)
        assert refusal.reason
        assert "expected ." not in str(refusal)


@given(st.text(max_size=120) | st.lists(WORDS, max_size=25).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    refused_or_read(text)


@given(TREES, SPELLINGS, st.data())
@settings(max_examples=100, deadline=None)
def test_any_damaged_rule_is_read_or_refused_and_never_crashes(
    tree: Tree, chance: Any, data: st.DataObject
) -> None:
    text = write(tree, chance.choice)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 6)))
        text = text[:start] + data.draw(st.just("") | WORDS | st.text(max_size=2)) + text[end:]
    refused_or_read(text)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 3072,
        "'" * 3071,
        '""`' * 1024,
        "(" * 3072,
        "not " * 768,
        "user." * 600,
        "-" * 3000,
        "user.city -in [" + '"a",' * 700,
        "user.city -eq " + "9" * 3000,
        "user.employeeHireDate -ge system.now -plus P" + "9" * 2500 + "D",
        "user.employeeHireDate -ge 2026-01-01T00:00:00." + "1" * 2500 + "Z",
        "user.employeeHireDate -ge 9999-12-31T23:59:59-14:00",
        'user.city -eq "x" -or ' * 130,
        "system.now " * 250,
    ],
    ids=lambda text: str(text)[:20],
)
@pytest.mark.timeout(10)
def test_a_hostile_text_is_settled_at_once(text: str) -> None:
    refused_or_read(text)


def test_time_never_runs_over_the_edge() -> None:
    user = {"id": "m1", "employeeHireDate": "0001-01-01T00:00:00Z"}
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        view = replace(view_of([(user, [])]), now=NOW.fromisoformat(moment))
        for rule, met in (
            ("user.employeeHireDate -le system.now -plus P99Y", True),
            ("user.employeeHireDate -ge system.now -minus P99Y", moment[0] == "0"),
        ):
            assert parse_rule(rule).of(view).tolist() == [met], (rule, moment)
