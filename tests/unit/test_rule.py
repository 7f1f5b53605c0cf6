"""Rules mean what Entra's documentation says they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import RuleError
from domain.people import people_of
from domain.rule import parse_rule
from tests.unit.worlds import person

ADA = person("Ada", department="Sales", country="Norway", jobTitle="Head of sales")
BEN = person("Ben", department="IT", country="Kenya", accountEnabled=False)
CLEO = person("Cleo")


def chosen(rule: str) -> set[str]:
    people = people_of([ADA, BEN, CLEO])
    named = {ADA.id: "Ada", BEN.id: "Ben", CLEO.id: "Cleo"}
    mask = parse_rule(rule).of(people)
    return {named[people.id(row)] for row in range(len(people)) if mask[row]}


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ('user.department -eq "Sales"', {"Ada"}),
        ('user.department -eq "SALES"', {"Ada"}),
        ('(user.department -eq "Sales")', {"Ada"}),
        ('user.department eq "Sales"', {"Ada"}),
        ("user.department -eq 'Sales'", {"Ada"}),
        ('USER.Department -EQ "sales"', {"Ada"}),
        ('user.department -ne "Sales"', {"Ben", "Cleo"}),
        ("user.department -eq null", {"Cleo"}),
        ("user.department -ne null", {"Ada", "Ben"}),
        ("user.department -eq $null", {"Cleo"}),
        ('user.department -eq "null"', set()),
        ('user.department -in ["sales", "hr"]', {"Ada"}),
        ('user.department -notIn ["sales","hr"]', {"Ben", "Cleo"}),
        ('user.jobTitle -startsWith "head"', {"Ada"}),
        ('user.jobTitle -notStartsWith "head"', {"Ben", "Cleo"}),
        ('user.jobTitle -contains "OF"', {"Ada"}),
        ('user.jobTitle -notContains "of"', {"Ben", "Cleo"}),
        ("user.accountEnabled -eq true", {"Ada", "Cleo"}),
        ('user.accountEnabled -eq "True"', {"Ada", "Cleo"}),
        ("user.accountEnabled -ne true", {"Ben"}),
        ("user.objectId -ne null", {"Ada", "Ben", "Cleo"}),
        # -and binds tighter than -or, -not tighter than both.
        ('user.country -eq "Kenya" -or user.country -eq "Norway" -and user.department -eq "IT"',
         {"Ben"}),
        ('-not user.department -eq "Sales" -and user.accountEnabled -eq true', {"Cleo"}),
        ('-not (user.department -eq "Sales" -and user.accountEnabled -eq true)', {"Ben", "Cleo"}),
        ('(user.department -eq "IT")\n and\t(user.accountEnabled -eq false)  ', {"Ben"}),
        ('user.department -eq "a -and b"', set()),
    ],
)  # fmt: skip
def test_a_rule_chooses(rule: str, who: set[str]) -> None:
    assert chosen(rule) == who


def test_quotes_inside_a_text_are_escaped_as_microsoft_says() -> None:
    people = people_of(
        [person("Dee", department='the "A" team'), person("Eve", department="O'Hara")]
    )
    assert parse_rule('user.department -eq "the `"A`" team"').of(people).sum() == 1
    assert parse_rule("user.department -eq 'O''Hara'").of(people).sum() == 1


@pytest.mark.parametrize(
    ("rule", "position", "words"),
    [
        ("", 0, "the end of the rule"),
        ('user.shoeSize -eq "44"', 0, "not a user property"),
        ("user.department -eq Sales", 20, "double quotes"),
        ('user.department -match "S.*"', 16, "an operator"),
        ('user.department -eq "Sales', 20, "a text in double quotes"),
        ('user.department -eq "a" "b"', 24, "-and or -or"),
        ('user.department -in "a"', 20, "-in and -notIn take a list"),
        ('user.department -eq ["a"]', 21, "-in and -notIn take a list"),
        ('(user.department -eq "a"', 24, '")"'),
        ("user.accountEnabled -contains true", 20, "use -eq or -ne"),
        ('user.accountEnabled -eq "yes"', 24, "true, false or null"),
        ("user.department -eq true", 20, "put true in double quotes"),
        ("user.department -contains null", 26, "-eq or -ne"),
        ('device.deviceOSType -eq "iOS"', 0, "a property such as user.department"),
    ],
)
def test_a_refusal_names_the_position_and_what_was_expected(
    rule: str, position: int, words: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_rule(rule)
    assert refusal.value.position == position
    assert words in str(refusal.value)
    assert str(refusal.value).splitlines()[-1].strip() == "^"


def test_a_rule_longer_than_entra_allows_is_refused() -> None:
    with pytest.raises(RuleError, match="3072"):
        parse_rule('user.department -eq "' + "x" * 3072 + '"')


@given(st.text(max_size=80) | st.text("user.dp -eqnot()[]\"`,' \n", max_size=80))
def test_any_text_is_parsed_or_refused_and_never_crashes(text: str) -> None:
    try:
        parse_rule(text)
    except RuleError as refusal:
        assert 0 <= refusal.position <= len(text)


@given(st.lists(st.sampled_from(["Sales", "IT", None]), min_size=1, max_size=8))
def test_not_is_the_exact_opposite_even_for_people_without_the_value(
    cells: list[str | None],
) -> None:
    people = people_of([person(str(n), department=cell) for n, cell in enumerate(cells)])
    rule = 'user.department -eq "Sales"'
    assert (parse_rule(rule).of(people) == ~parse_rule(f"-not {rule}").of(people)).all()
