"""The page about kinds of facts says of each what the code says of it."""

from pathlib import Path

import pytest

from domain.kinds import CORE, FURTHER, KINDS, Kind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/kinds.md").read_text()
SETTINGS = (ROOT / "docs/settings.md").read_text()
NOTHING = "\N{EN DASH}"
EACH = pytest.mark.parametrize("kind", KINDS.values(), ids=[*KINDS])


def summary(kind: Kind) -> str:
    """Return the row of the table of kinds."""
    needs = ", ".join(f"`{permission}`" for permission in kind.permissions) or NOTHING
    flag = f"`{kind.flag}`" if kind.flag else NOTHING
    if kind.every is None:
        return f"| `{kind.name}` | {kind.what} | {needs} | always | {flag} |"
    hours = int(kind.every.total_seconds() // 3600)
    often = f"{hours} h" if hours < 168 else f"{hours // 24} days"
    switch = f"{often}; `{kind.switch}`, {'on' if kind.on else 'off'} by default"
    return f"| `{kind.name}` | {kind.what} | {needs} | {switch} | {flag} |"


def columns(kind: Kind) -> str:
    """Return the part about a kind's columns."""
    rows = (f"| `{each.name}` | {each.type} | {each.what} |" for each in kind.columns)
    return "\n".join([f"### {kind.name}", "", "| column | type | what |", "|---|---|---|", *rows])


@EACH
def test_each_kind_is_documented_with_all_its_columns(kind: Kind) -> None:
    assert summary(kind) in PAGE.splitlines()
    assert columns(kind) + "\n" in PAGE


def test_no_kind_is_documented_that_does_not_exist() -> None:
    headings = [line[4:] for line in PAGE.splitlines() if line.startswith("### ")]
    assert sorted(headings) == sorted(KINDS)
    assert len(CORE) + len(FURTHER) == len(headings)


@pytest.mark.parametrize("kind", FURTHER, ids=[kind.name for kind in FURTHER])
def test_switch_and_schedule_are_settings_of_their_own(kind: Kind) -> None:
    row = f"| `{kind.switch}` | `{'on' if kind.on else 'off'}` |"
    assert any(line.startswith(row) for line in SETTINGS.splitlines())
    assert f"`{kind.schedule}`" in SETTINGS
