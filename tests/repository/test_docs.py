"""Docs that cannot lie: links lead somewhere, names exist, and examples are accepted."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.bundle_text import read_bundles, read_files
from domain.lint import CODES
from domain.policy_schema import policy_schema

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "infra/README.md"])
BUNDLES = (ROOT / "docs/bundles.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in BUNDLES.splitlines()
    if line.startswith("| `")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_named_files_exist(page: Path) -> None:
    text = page.read_text()
    for target, anchor in re.findall(r"\]\((?!http)([^)#\s]*)#?([^)\s]*)\)", text):
        file = page.parent / target if target else page
        assert file.exists(), target
        if anchor:
            assert anchor in _anchors(file.read_text()), f"{target}#{anchor}"
    for path in re.findall(r"`((?:domain|docs|tests|infra|local|bundles|adapters)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path


def test_every_page_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    first = set(re.findall(r"\]\(docs/([\w-]+\.md)", readme))
    second = {
        name
        for page in first
        for name in re.findall(r"\]\(([\w-]+\.md)", (ROOT / "docs" / page).read_text())
    }
    assert {page.name for page in (ROOT / "docs").glob("*.md")} <= first | second


def test_the_policy_in_the_readme_is_one_of_the_samples_maybe_abridged() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (shown,) = read_bundles(text, "README.md")
    (sample,) = read_bundles((ROOT / f"bundles/{shown.id}.yaml").read_text(), "sample")
    assert _within(shown.model_dump(exclude_unset=True), sample.model_dump())


def test_the_sample_bundles_are_good() -> None:
    files = sorted((ROOT / "bundles").glob("*.yaml"))
    assert len(read_files({file.name: file.read_text() for file in files}).bundles) >= 8


def test_every_field_of_a_policy_file_is_documented_with_its_default() -> None:
    documented = {
        name: default for cells in ROWS if len(cells) == 3 for name, default in _named(cells)
    }
    for path, default in _fields(policy_schema()):
        assert path in documented, path
        if default not in (None, "", (), [], {}):
            shown = f"`{str(default).lower() if isinstance(default, bool) else default}`"
            assert documented[path] == shown, path


def test_no_field_is_documented_that_does_not_exist() -> None:
    known = {path for path, _ in _fields(policy_schema())}
    parts = {path[: at.start()] for path in known for at in re.finditer(r"\.|\[\]|$", path)}
    for path in re.findall(r"`((?:tenant|policy|limits|products|target)[.\[][\w.\[\]]+)`", BUNDLES):
        assert path in known or path.removesuffix("[]") in parts, path


def test_every_guard_is_documented_and_whether_a_person_may_release_it() -> None:
    files = {file.stem for file in (ROOT / "domain/guards").glob("*.py")} - {"__init__", "case"}
    assert len(files) >= 9
    rows = {cells[0].strip("`"): cells for cells in ROWS}
    for name in files:
        guard = importlib.import_module(f"domain.guards.{name}")
        if hasattr(guard, "judge"):
            assert rows[name][1] == ("yes" if getattr(guard, "RELEASABLE", True) else "no"), name
        else:
            assert len(rows[name]) == 2, name


def test_every_check_of_lint_is_documented_with_its_level() -> None:
    rows = {cells[0].strip("`"): cells for cells in ROWS}
    for code in CODES:
        text = (ROOT / "domain/lint" / f"{code.replace('-', '_')}.py").read_text()
        assert rows[code][1] == (
            "error" if re.search(r"\.(tenant_)?error\b", text) else "warning"
        ), code


def test_the_changelog_has_an_unreleased_part() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()


def _anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def _within(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return all(name in whole and _within(part[name], whole[name]) for name in part)
    if isinstance(part, tuple):
        return len(part) == len(whole) and all(map(_within, part, whole))
    return bool(part == whole)


def _named(cells: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the fields a row of the tables is about, with the default it names."""
    for name in re.findall(r"`([^`]+)`", cells[0]):
        yield name, cells[1]
    if cells[0] == "`policy.excluded`":
        for name in re.findall(r"`(policy\.excluded\.\w+)`", cells[2]):
            yield name, ""


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the dotted path of every field people write, with its default."""
    definitions = schema["$defs"]

    def walk(part: dict[str, Any], path: str, default: Any) -> Iterator[tuple[str, Any]]:
        while "$ref" in part:
            part = definitions[part["$ref"].rsplit("/", 1)[1]]
        kinds = [kind for kind in part.get("anyOf", ()) if "$ref" in kind or "items" in kind]
        inner = [found for kind in kinds for found in walk(kind, path, default)]
        if path.startswith("policy.excluded.") or not ({"properties", "items"} & part.keys()):
            deeper = [found for found in inner if found[0] != path]
            yield from deeper if deeper and "excluded" not in path else [(path, default)]
        elif "items" in part:
            items = list(walk(part["items"], f"{path}[]", None))
            yield from [(path, default)] if items == [(f"{path}[]", None)] else items
        else:
            for name, field in part["properties"].items():
                below = f"{path}.{name}" if path else name
                yield from walk(field, below, field.get("default"))

    for name in ("Bundle", "_TenantDocument"):
        yield from walk(definitions[name], "", None)
