"""The diagram of the architecture shows the imports that the contracts allow, and no others."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
PACKAGES = set(LINTER["root_packages"])
ARROWS = set(
    re.findall(
        r"^ +(\w+) (?:-- .* )?--> (\w+)$",
        (ROOT / "docs/architecture.md").read_text().split("```")[1],
        re.MULTILINE,
    )
)


def test_every_package_has_a_contract_and_its_arrows_are_what_that_leaves() -> None:
    forbidden = {
        source: PACKAGES & {*contract["forbidden_modules"]}
        for contract in LINTER["contracts"]
        for source in contract["source_modules"]
    }
    assert set(forbidden) == PACKAGES
    allowed = {
        (source, target)
        for source in PACKAGES
        for target in PACKAGES - forbidden[source] - {source}
    }
    assert {arrow for arrow in ARROWS if arrow[0] in PACKAGES} == allowed


def test_the_app_is_put_together_from_both_sides() -> None:
    text = (ROOT / "function_app.py").read_text()
    named = set(re.findall(r"^\s*from (\w+)", text, re.MULTILINE)) & PACKAGES
    assert {target for source, target in ARROWS if source == "function_app"} == named - {"domain"}


def test_every_package_is_described_beside_the_diagram() -> None:
    rows = re.findall(r"^\| `(\w+)/` \|", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    assert set(rows) == PACKAGES
