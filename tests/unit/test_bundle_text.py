"""A bundle that makes no sense is refused with file, line and what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bundle_text import check_together, read_bundles
from domain.errors import BundleError

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


def complaints(text: str) -> list[str]:
    with pytest.raises(BundleError) as refusal:
        read_bundles(text, "e3.yaml")
    return refusal.value.problems


def test_a_good_bundle_is_read_with_the_safe_defaults() -> None:
    (bundle,) = read_bundles(GOOD, "e3.yaml")
    assert bundle.id == "m365-e3"
    assert bundle.unmanaged == "keep"
    assert bundle.limits.revokes.percent == 20


def test_several_bundles_may_stand_in_one_file() -> None:
    second = GOOD.replace("m365-e3", "other")
    assert [b.id for b in read_bundles(f"{GOOD}---\n{second}", "all.yaml")] == ["m365-e3", "other"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("name:", "nane:", "e3.yaml:2: There is no field nane; allowed here: id, name, descr"),
        ("  rule:", "  rules:", "e3.yaml:8: There is no field policy.rules; allowed here: rule"),
        ("target:\n", "", "e3.yaml:3: Not YAML"),
        ("m365-e3", "M365 E3", "e3.yaml:1: id: Expected lower-case letters, digits and hyphens"),
        ("11111111-1111", "1", "e3.yaml:4: target.group: Expected an object id (a GUID)."),
        ("  - sku: 05e9a617-0261-4cee-bb44-138d3ef5d965\n", "", "e3.yaml:5: products:"),
        ('-eq "Sales"', '-eq Sales', "e3.yaml:8: policy.rule: Found Sales, expected a text in"),
        ('  rule: user.department -eq "Sales"\n', "  people: []\n", "e3.yaml:7: policy: A policy"),
        ("policy:", "limits:\n  revokes: {percent: 200}\npolicy:", "e3.yaml:8: limits.revokes.p"),
        ("policy:", "name: Other\npolicy:", "e3.yaml:7: name stands here twice."),
        ("policy:", "unmanaged: delete\npolicy:", "e3.yaml:7: unmanaged: Input should be 'keep', "),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_what_is_allowed(
    old: str, new: str, sentence: str
) -> None:
    assert any(problem.startswith(sentence) for problem in complaints(GOOD.replace(old, new, 1)))


def test_every_mistake_is_named_at_once() -> None:
    assert len(complaints(GOOD.replace("name:", "nane:").replace("  rule:", "  rules:"))) >= 3


def test_an_empty_file_is_no_bundle() -> None:
    assert complaints("# nothing\n") == ["e3.yaml:1: There is no bundle here."]


def test_an_id_or_a_target_used_twice_is_refused() -> None:
    (bundle,) = read_bundles(GOOD, "e3.yaml")
    with pytest.raises(BundleError) as refusal:
        check_together([("a.yaml", bundle), ("b.yaml", bundle)])
    assert len(refusal.value.problems) == 2
    assert "b.yaml:1: The id m365-e3 is already used in a.yaml." in refusal.value.problems


@given(st.text(max_size=60) | st.text("id: -[]{}&*!|>'\"\n#%@,?", max_size=60))
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    try:
        read_bundles(text, "any.yaml")
    except BundleError as refusal:
        assert refusal.problems
