"""Docs that cannot lie: links lead somewhere, names exist, and examples are accepted."""

import re
from pathlib import Path

import pytest

from domain.bundle import Bundle
from domain.bundle_text import check_together, read_bundles

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "infra/README.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_named_files_exist(page: Path) -> None:
    text = page.read_text()
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", text):
        assert (page.parent / target).exists(), target
    for path in re.findall(r"`((?:domain|docs|tests|infra|local|bundles|adapters)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path


def test_the_policy_in_the_readme_is_one_of_the_samples() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (shown,) = read_bundles(text, "README.md")
    (sample,) = read_bundles((ROOT / "bundles/teams-premium.yaml").read_text(), "sample")
    assert shown.policy.rule == sample.policy.rule
    assert (shown.target, shown.products, shown.limits) == (
        sample.target,
        sample.products,
        sample.limits,
    )


def test_the_sample_bundles_are_good() -> None:
    files = sorted((ROOT / "bundles").glob("*.yaml"))
    found = [(f.name, b) for f in files for b in read_bundles(f.read_text(), f.name)]
    check_together(found)
    assert len(found) >= 8


def test_every_field_of_a_bundle_is_documented() -> None:
    text = (ROOT / "docs/bundles.md").read_text()
    schema = Bundle.model_json_schema()
    fields = {
        name for part in [schema, *schema["$defs"].values()] for name in part.get("properties", {})
    }
    missing = {name for name in fields if not re.search(rf"`[\w.\[\]]*\b{name}`", text)}
    assert missing <= {"policy", "products", "limits", "revokes", "target"}


def test_the_changelog_has_an_unreleased_part() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()
