"""Regular expressions work, and no pattern can hang the app or fill its memory."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Held, RuleError
from domain.rule import parse_rule
from domain.rule.cells import Cells
from domain.rule.operators import matches
from domain.rule.pattern_size import LARGEST, measure
from domain.rule.patterns import compile_pattern
from domain.rule.swift import swift_search
from tests.unit.worlds import NOW

EVIL = "a" * 60 + "!"


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|a)*$",
        "(a|aa)+$",
        "([a-zA-Z]+)*$",
        "(.*a){25}$",
        "(a?){50}a{50}$",
        "(x+x+)+y",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?=(a+))+a*b\\1",
        "((a*)*)*b",
        "((a{1,100}){1,100}){1,100}b",
        "(?:a{1,1000}){1,1000}b",
        "a*a*a*a*a*a*a*a*a*b",
        "(?:(?:a|b|ab)*(?:a|aa)*)*c",
        "(a|b|ab|aa|aaa)(a|aa)(a|aa)(a|aa)(a|aa)" * 6 + "c",
        "(?<=(a|aa)*)b",
    ],
)
@pytest.mark.timeout(20)
def test_a_pattern_that_explodes_is_settled_or_held_in_time(pattern: str) -> None:
    impatient = compile_pattern(pattern, 0.1)
    try:
        impatient.finds_in([EVIL + str(n) for n in range(50)])
    except Held as held:
        assert f'The pattern "{pattern}" takes more than 0.1 seconds' in str(held)


@pytest.mark.parametrize("pattern", ["(a|a)*$", "(a|aa)+$"])
def test_one_value_is_enough_to_hold_a_pattern(pattern: str) -> None:
    with pytest.raises(Held, match="over 1 values"):
        compile_pattern(pattern, 0.1).finds_in([EVIL])


@pytest.mark.parametrize("pattern", ["(?:a|a)(?:a?){14}[bc]", "a*[bc]"])
def test_the_budget_is_for_all_values_together(pattern: str) -> None:
    values = ["a" * 250 + str(n) for n in range(10_000)]
    with pytest.raises(Held, match="over 10,000 values"):
        compile_pattern(pattern, 0.1).finds_in(values)


def test_a_rule_with_a_pattern_that_takes_too_long_chooses_nobody_and_everybody_knows() -> None:
    test = matches(compile_pattern("(a|a)*$", 0.1))
    with pytest.raises(Held, match=r"Write it without repeats inside repeats"):
        test(Cells([None, EVIL]), NOW)


@pytest.mark.parametrize(
    "pattern",
    [
        "a{1000000000}",
        "(?:(?:ab|c){1000}x){1000}",
        "((((((a{1000}){1000}){1000}){1000}){1000}){1000})",
        "(?:" * 20 + "a" + "){2}" * 20,
        "(?:" * 20 + "a" + "){2,}" * 20,
        "(?:" * 20 + "a" + ")+" * 20,
        "(?:" * 20 + "ab?" + ")++" * 20,
        "[]a]{999999}",
        "[^]a(]{999999}",
        "[[:alpha:]]{999999}",
        "\\({999999}",
        "x{,}{99}{99}{99}{99}",
        "(a" * 10 + "){9}" * 10,
    ],
)
def test_a_pattern_that_would_be_written_out_too_long_is_refused_unseen(pattern: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"longer than 100,000 signs|no regular expression"):
            compile_pattern(pattern)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("pattern", "signs", "repeats", "choices", "nested"),
    [
        ("abc", 3, 0, 1, False),
        ("a{3}", 3, 0, 1, False),
        ("a{2,5}", 3, 1, 1, False),
        ("a{2,}b", 4, 1, 1, False),
        ("a?b??", 2, 0, 4, False),
        ("a*b+?c*+", 4, 3, 1, False),
        ("(a|b|c)(d|e)", 7, 0, 6, False),
        ("a|b", 2, 0, 2, False),
        ("(ab)?", 3, 0, 2, False),
        ("(ab)*", 3, 0, 1, True),
        ("(ab)+", 6, 0, 1, True),
        ("(ab){3}", 9, 0, 1, True),
        ("[*+(|]\\*\\(", 3, 0, 1, False),
        ("(?i)a(?:b)(?=c)(?<!d)(?P<n>e)(?P=n)", 9, 0, 1, False),
        ("a{b}", 4, 0, 1, False),
    ],
)
def test_a_pattern_is_measured(
    pattern: str, signs: int, repeats: int, choices: int, nested: bool
) -> None:
    size = measure(pattern)
    assert (size.signs, size.repeats, size.choices, size.nested) == (
        signs,
        repeats,
        choices,
        nested,
    )


@pytest.mark.parametrize("depth", [49, 50])
def test_groups_may_be_nested_so_deep_and_no_deeper(depth: int) -> None:
    pattern = "(" * depth + "a" + ")" * depth
    if depth == 50:
        with pytest.raises(ValueError, match="more than 50 deep"):
            compile_pattern(pattern)
    else:
        assert compile_pattern(pattern).finds_in(["xA"]) == [True]


@pytest.mark.parametrize("signs", [LARGEST, LARGEST + 1])
def test_a_pattern_may_be_so_long_and_no_longer(signs: int) -> None:
    pattern = f"a{{{signs}}}"
    if signs > LARGEST:
        with pytest.raises(ValueError, match="longer than"):
            compile_pattern(pattern)
    else:
        assert compile_pattern(pattern).finds_in(["a" * signs, "a"]) == [True, False]


@pytest.mark.parametrize(
    "pattern",
    ["(?R)", "(a(?1)?)", "(?&x)", "(?|a|b)", "(*FAIL)", "(?#note)", "(?x) a", "(?V1)a", "(?e)ab",
     "(?:ab){e}", "(?:ab){1<=e<=2}", "(?:ab){i,d}", "(?(1)a|b)"],
)  # fmt: skip
def test_what_only_this_engine_understands_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="is not understood here"):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "value", "found"),
    [
        ("^da", "David", True),
        ("DA$", "Sida", True),
        ("(?<=s)i(?!x)", "Sida", True),
        ("^[a-f0-9]{8}(-[a-f0-9]{4}){3}$", "0123ABCD-0123-4567-89ab", True),
        ("a.c", "a\nc", False),
        ("^b", "a\nb", False),
        ("é|Ø", "æøå", True),
        ("\\p{Lu}", "abc", True),
        ("(a)\\1", "xaA", True),
        ("", "anything", True),
        ("{a}", "{A}", True),
    ],
)
def test_patterns_find_what_they_say(pattern: str, value: str, found: bool) -> None:
    assert compile_pattern(pattern).finds_in([value]) == [found]


@given(st.text("ab()[]{}*+?|\\^$.,:=!<>iRP1290-d", max_size=30))
@settings(max_examples=250, deadline=None)
def test_any_pattern_is_compiled_or_refused_in_words(pattern: str) -> None:
    try:
        compile_pattern(pattern)
    except ValueError as error:
        assert str(error).endswith((".", ")."))


def test_a_refused_pattern_is_a_refused_rule() -> None:
    with pytest.raises(RuleError, match="expected a regular expression: its repeats") as refusal:
        parse_rule('user.city -eq null -or user.city -match "a{1000000}"')
    assert refusal.value.position == 40


@pytest.mark.parametrize("count", [9_999, 10_000, 10_001, 25_000])
def test_no_value_is_left_out_or_shifted(count: int) -> None:
    values = [str(n) for n in range(count)]
    for pattern in ("7$", "(?:7)+$"):
        found = compile_pattern(pattern).finds_in(values)
        assert found == [value.endswith("7") for value in values]


_PIECES = (
    "a B 7 @ . \\. \\d \\w \\S ^ $ | ( (?: ) * + ? +? {2} {1,} {0,2}"
    " [a-b] [A-Z] [^0-7] [\\w.] [aB7]"
)


@settings(deadline=None, max_examples=250)
@given(
    st.lists(st.sampled_from(_PIECES.split()), max_size=8).map("".join),
    st.lists(st.text(st.sampled_from("abB7 @.\n_"), max_size=8), max_size=6),
)
def test_both_engines_find_the_same(pattern: str, texts: list[str]) -> None:
    search = swift_search(pattern)
    try:
        whole = compile_pattern(pattern)
    except ValueError:
        return
    if search is not None:
        assert [search(text) is not None for text in texts] == whole._carefully(texts)


@pytest.mark.parametrize("pattern", ["\u00e9", "(?=a)b", "(a)\\1", "[a-\u00ff]", "[Z-a]", "(?i)a"])
def test_a_pattern_that_engines_may_read_in_two_ways_is_not_plain(pattern: str) -> None:
    assert swift_search(pattern) is None


def test_texts_beyond_ascii_are_left_to_the_engine_that_knows_them() -> None:
    assert compile_pattern("k$").finds_in(["\u212a", "K", "x"]) == [True, True, False]


@pytest.mark.parametrize("part", ["a{2}?", "a??", "a*?", "[a-z]{2}?", "(?:a)??", "\\d+?"])
@pytest.mark.timeout(20)
def test_a_pattern_that_is_almost_plain_is_told_in_no_time(part: str) -> None:
    almost = part * (3000 // len(part)) + "\u00e9"
    assert swift_search(almost) is None
    assert swift_search(part * 5) is not None
    assert compile_pattern(almost).finds_in(["", ""]) == [False, False]
