"""A policy that makes no sense is refused with file, line and what is allowed."""

import time
from datetime import date, datetime

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.bundle_text import read_bundles, read_files
from domain.bundle_text.nodes import MAX_CHARACTERS
from domain.bundle_text.sentences import _PATTERNS
from domain.errors import BundleError
from domain.policy_schema import policy_schema

GOOD = """\
id: m365-e3
name: Microsoft 365 E3
target:
  group: 11111111-1111-1111-1111-111111111111
products:
  - sku: 05e9a617-0261-4cee-bb44-138d3ef5d965
policy:
  rule: user.department -eq "Sales"
"""
OTHER = GOOD.replace("m365-e3", "other").replace("11111111-1111-", "22222222-1111-")
TENANT = "tenant:\n  mode: dry-run\n"
REQUEST = """\
policy:
  requests:
    - person: 33333333-1111-1111-1111-111111111111
      until: 2026-12-31
      reason: parental leave cover
"""
WITH_REQUEST = GOOD[: GOOD.index("policy:")] + REQUEST


def complaints(text: str, **more: str) -> list[str]:
    with pytest.raises(BundleError) as refusal:
        read_files({"e3.yaml": text, **{f"{name}.yaml": other for name, other in more.items()}})
    return refusal.value.problems


def test_a_good_bundle_is_read_with_the_safe_defaults() -> None:
    (bundle,) = read_bundles(GOOD, "e3.yaml")
    assert bundle.id == "m365-e3"
    assert (bundle.unmanaged, bundle.mode, bundle.grace) == ("keep", "live", "0h")
    assert (bundle.limits.revokes.percent, bundle.limits.grants.floor) == (20, 500)


def test_several_bundles_may_stand_in_one_file_as_documents_or_as_a_list() -> None:
    listed = "".join(f"- {text.replace('\n', '\n  ').rstrip()}\n" for text in (GOOD, OTHER))
    for text in (f"{GOOD}---\n{OTHER}", f"---\n{GOOD}---\n# nothing\n---\n{OTHER}---\n", listed):
        assert [b.id for b in read_bundles(text, "all.yaml")] == ["m365-e3", "other"]


def test_a_bundle_as_json_is_read_too() -> None:
    (bundle,) = read_bundles(WITH_REQUEST, "e3.yaml")
    (again,) = read_bundles(bundle.model_dump_json(), "e3.json")
    assert again == bundle


def test_the_tenants_own_policy_may_stand_in_any_of_the_files() -> None:
    candidate = read_files({"e3.yaml": GOOD, "rest.yaml": f"{OTHER}---\n{TENANT}"})

    assert [placed.bundle.id for placed in candidate.bundles] == ["m365-e3", "other"]
    assert candidate.tenant is not None
    assert candidate.tenant.mode == "dry-run"
    assert candidate.tenant_at("mode") == "rest.yaml:11"


def test_the_tenants_policy_is_no_bundle() -> None:
    with pytest.raises(BundleError, match=r"^t\.yaml:1: Expected bundles, not the tenant's"):
        read_bundles(TENANT, "t.yaml")


def test_a_field_knows_its_line_and_a_missing_one_that_of_what_is_around_it() -> None:
    candidate = read_files({"all.yaml": f"{OTHER}---\n{GOOD}"})
    placed = candidate.bundles[1]

    assert placed.at("id") == "all.yaml:10"
    assert placed.at("target", "group") == "all.yaml:13"
    assert placed.at("products", 0, "sku") == "all.yaml:15"
    assert placed.at("products", 0, "disabled_plans", 3) == "all.yaml:15"
    assert placed.at("products", 7) == "all.yaml:14"
    assert placed.at("grace") == placed.at() == "all.yaml:10"


@pytest.mark.parametrize(
    ("until", "read"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ('"2026-12-31"', date(2026, 12, 31)),
        ("2026-12-31T17:00:00Z", datetime.fromisoformat("2026-12-31T17:00:00Z")),
        ("2026-12-31 17:00:00+01:00", datetime.fromisoformat("2026-12-31T16:00:00Z")),
    ],
)
def test_a_day_or_a_moment_needs_no_quotes(until: str, read: date) -> None:
    (bundle,) = read_bundles(WITH_REQUEST.replace("2026-12-31", until), "e3.yaml")
    assert bundle.policy.requests[0].until == read


@pytest.mark.parametrize("word", ["no", "off", "Yes", "12:30", "0x10", "1_000", "2026-12-31"])
def test_what_older_yaml_takes_for_something_else_is_a_text(word: str) -> None:
    (bundle,) = read_bundles(GOOD.replace("Microsoft 365 E3", word), "e3.yaml")
    assert bundle.name == word


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("name:", "nane:", "e3.yaml:2: There is no field nane. Did you mean name? Allowed here:"),
        ("  rule:", "  rules:", "e3.yaml:8: There is no field policy.rules. Did you mean rule? A"),
        ("name: M", "title: M", "e3.yaml:2: There is no field title. Allowed here: id, name, des"),
        ("name: M", "title: M", "e3.yaml:1: The field name is missing."),
        ("  - sku:", "  - skuid:", "e3.yaml:6: The field products[0].sku is missing."),
        ("target:\n", "", "e3.yaml:3: Not YAML"),
        ("m365-e3", "M365 E3", "e3.yaml:1: id: Expected lower-case letters, digits and hyphens"),
        ("m365-e3", "365", "e3.yaml:1: id: Expected a text in quotes, found the number 365."),
        ("m365-e3", "true", "e3.yaml:1: id: Expected a text in quotes, found true."),
        ("m365-e3", "", "e3.yaml:1: id: Expected a text in quotes, found nothing."),
        ("11111111-1", "1", "e3.yaml:4: target.group: Expected an object id (a GUID), found \"11"),
        ("  - sku: 05e9a617-0261-4cee-bb44-138d3ef5d965\n", "", "e3.yaml:5: products: Expected a"),
        ("products:\n  -", "products:\n   ", "e3.yaml:5: products: Expected a list, found fields."),
        ('-eq "Sales"', '-eq Sales', "e3.yaml:8: policy.rule: Found 'Sales', expected a text"),
        ('  rule: user.department -eq "Sales"\n', "  people: []\n", "e3.yaml:7: policy: A policy"),
        ("policy:", "limits:\n  revokes: {percent: -1}\npolicy:", "e3.yaml:8: limits.revokes.perc"),
        ("policy:", "limits: 20 %\npolicy:", "e3.yaml:7: limits: Expected fields (revokes, grants"),
        ("policy:", "name: Other\npolicy:", "e3.yaml:7: name stands here twice."),
        ("policy:", "unmanaged: delete\npolicy:", "e3.yaml:7: unmanaged: Expected 'keep', 'adopt'"),
        ("policy:", "grace: 36\npolicy:", "e3.yaml:7: grace: Expected hours or days such as 36h o"),
        ("policy:", "grace: 2 days\npolicy:", "e3.yaml:7: grace: Expected hours or days such as"),
        ("policy:", "description: [a]\npolicy:", "e3.yaml:7: description: Expected a text in quo"),
        ("policy:", "supersedes: e3\npolicy:", "e3.yaml:7: supersedes: Expected a list, found \"e"),
        ("policy:", "[a]: b\npolicy:", "e3.yaml:7: Expected the name of a field."),
        ("policy:", "owner: !!python/name:os.system x\npolicy:", "e3.yaml:7: A tag such as !!pyth"),
        ("policy:", "\towner: x\npolicy:", "e3.yaml:7: Not YAML: a tab cannot indent. Use spaces."),
        ("  rule:", "  groups: [12]\n  rule:", "e3.yaml:8: policy.groups[0]: Expected "),
        ("  rule:", "  groups: [x]\n  rule:", "e3.yaml:8: policy.groups[0]: Expected an object id"),
        ("  rule:", "  groups:\n  - {nested: no}\n  rule:", "e3.yaml:9: The field policy.groups"),
        ("  rule:", "  groups:\n  - {id: x}\n  rule:", "e3.yaml:9: policy.groups[0].id: Expected "),
        ("  rule:", "  people: [x]\n  rule:", "e3.yaml:8: policy.people[0]: Expected an object id"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_what_is_allowed(
    old: str, new: str, sentence: str
) -> None:
    found = complaints(GOOD.replace(old, new, 1))
    assert any(problem.startswith(sentence) for problem in found), found


@pytest.mark.parametrize("until", ["tomorrow", "31.12.2026", "2026-13-01", "2026-12-31T17:00", ""])
def test_a_day_that_is_none_is_refused_in_one_sentence(until: str) -> None:
    (problem,) = complaints(WITH_REQUEST.replace("2026-12-31", until))
    assert problem.startswith(
        "e3.yaml:10: policy.requests[0].until: Expected a day such as 2026-12-31, or a moment such"
        " as 2026-12-31T17:00:00Z, found "
    )


def test_a_bad_rule_shows_where_with_a_caret() -> None:
    (problem,) = complaints(GOOD.replace("-eq", "-equals"))
    first, shown, caret = problem.splitlines()
    assert first.startswith("e3.yaml:8: policy.rule: Found")
    assert shown[caret.index("^") :].startswith("-equals")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tenant:\n  mode: off\n", "e3.yaml:2: tenant.mode: Expected 'live' or 'dry-run', found"),
        ("tenant:\n", "e3.yaml:1: tenant: Expected fields (mode, limits, pools, "),
        ("tenant: {}\nid: x\n", "e3.yaml:2: The tenant's policy stands in a document of its own"),
        ("tenant: {}\n---\ntenant: {}\n", "e3.yaml:3: The tenant's policy is already in e3.yaml:1"),
        ("tenant:\n  modes: live\n", "e3.yaml:2: There is no field tenant.modes. Did you mean m"),
        ("tenant:\n  prices:\n  - {product: x, monthly: 3}\n", "e3.yaml:3: tenant.prices[0].prod"),
    ],
)
def test_a_mistake_in_the_tenants_policy_is_named_too(text: str, sentence: str) -> None:
    found = complaints(text)
    assert any(problem.startswith(sentence) for problem in found), found


def test_every_mistake_in_every_file_is_named_at_once() -> None:
    bad = GOOD.replace("name:", "nane:").replace("  rule:", "  rules:")
    found = complaints(bad, other="- x", third="id: [", fourth=OTHER)
    assert sum(problem.startswith("e3.yaml:") for problem in found) == 3
    assert sum(problem.startswith(("other.yaml:1: ", "third.yaml:")) for problem in found) == 2


def test_an_empty_file_is_no_bundle() -> None:
    assert complaints("# nothing\n") == ["e3.yaml:1: There is no bundle here."]
    with pytest.raises(BundleError, match="There is no file"):
        read_files({})


def test_an_id_or_a_target_used_twice_is_refused_with_both_lines() -> None:
    assert complaints(OTHER, more=f"{GOOD}---\n{GOOD}") == [
        "more.yaml:10: The id m365-e3 is already used in more.yaml:1.",
        "more.yaml:13: The target group 11111111-1111-1111-1111-111111111111 is already used in"
        " more.yaml:4.",
    ]


def test_an_alias_stands_for_what_its_anchor_names() -> None:
    text = GOOD + "limits:\n  revokes: &few {percent: 5}\n  grants: *few\n"
    (bundle,) = read_bundles(text, "e3.yaml")
    assert bundle.limits.grants.percent == 5


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}]\n"
    for old, new in zip("abcdefghijklm", "bcdefghijklmn", strict=True)
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (LAUGHS, "An alias (*) repeats itself, or too much"),
        ("a: &a [*a]\n", "An alias (*) repeats itself, or too much"),
        ("[" * 100_000, "Too much for a policy: deeper than 20 levels."),
        ("- " * 1000 + "x", "Too much for a policy: deeper than 20 levels."),
        ("- a\n" * 200_000, "Too much for a policy: more than 100,000 names and values."),
        ("x" * (MAX_CHARACTERS + 1), "The file has 1,000,001 characters; at most 1,000,000"),
        ("a: \ud800", "Not UTF-8 text."),
        ("a: \x00", "Not YAML"),
        (f"id: {'9' * 10_000}", "id: Expected lower-case"),
        (f"id: {'1:1' * 10_000}", "id: Expected lower-case"),
        ("--- a\n" * 300, "e3.yaml:101: 200 more problems from here on."),
        ("---\n" * 300, "There is no bundle here."),
    ],
)
def test_no_text_is_too_much(text: str, sentence: str) -> None:
    began = time.process_time()
    found = complaints(text)
    assert any(sentence in problem for problem in found), found
    assert len(found) <= 101
    # Not a measurement: what is not bounded takes minutes, or all memory.
    assert time.process_time() - began < 30


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "target", "group", "products", "sku", "policy", "rule", "groups",
                 "people", "requests", "until", "excluded", "limits", "revokes", "percent",
                 "tenant", "pools", "prices", "nested", "grace", "priority", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)  # fmt: skip
LINES = st.sampled_from([*GOOD.splitlines(), *REQUEST.splitlines(), *TENANT.splitlines(), "---"])
EDITS = st.text("id: -[]{}&*!|>'\"\n#%@,?\t\\~09ä\u2028\ufeff", max_size=6)


@given(
    st.text(max_size=60)
    | st.text("id: -[]{}&*!|>'\"\n#%@,?", max_size=60)
    | st.lists(LINES | EDITS, max_size=14).map("\n".join)
    | st.lists(LINES | EDITS, max_size=14).map("".join)
    | VALUES.map(lambda value: yaml.safe_dump(value, allow_unicode=True))
)
@example("? a\n: b")
@example("!!timestamp x: 1")
@example("id: !!int x")
@example("&a : *a")
@example("<<: {id: x}")
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    try:
        read_files({"any.yaml": text})
    except BundleError as refusal:
        assert refusal.problems
        assert all(problem.startswith("any.yaml:") for problem in refusal.problems)


def test_every_pattern_of_the_schema_has_words_for_people() -> None:
    patterns = set(_patterns(policy_schema()))
    assert len(patterns) >= 3
    for pattern in patterns:
        if "[hd]" in pattern:
            continue  # the grace, whose words go with its name
        assert any(pattern.startswith(start) for start in _PATTERNS), pattern


def _patterns(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["pattern"]] if isinstance(part.get("pattern"), str) else []
        return own + [found for each in part.values() for found in _patterns(each)]
    if isinstance(part, list):
        return [found for each in part for found in _patterns(each)]
    return []
