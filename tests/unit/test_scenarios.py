"""Decisions an operator can read: each file in `scenarios` tells a world and what comes of it.

Of a bundle that a scenario expects nothing of, there must be nothing to say: no change, nobody
waiting, in grace or spared, nothing held. Where a file gives reasons, they are the exact sentences.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.change import Action
from domain.plan import Plan
from tests.unit.scenarios.stage import Document, moments, play, readable
from tests.unit.worlds import guid

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scenario(file: Path) -> None:
    document = yaml.safe_load(file.read_text())
    for number, moment in enumerate(moments(document)):
        outcome = play(moment)
        wanted = moment.get("expect", {})
        assert wanted.keys() <= moment["bundles"].keys()
        for id in moment["bundles"]:
            expected = wanted.get(id, {})
            found = _said(outcome.plans.get(id), outcome.blocked.get(id), moment)
            assert _asked(found, expected) == expected, f"{file.stem}, moment {number}, {id}"


def _said(plan: Plan | None, blocked: str | None, moment: Document) -> dict[str, Any]:
    """Return what there is to say about a bundle, in the words of a scenario."""
    if plan is None:
        return {"blocked": readable(str(blocked), moment)}
    said = {
        "grants": {c.person: c.reason for c in plan.changes if c.action is Action.GRANT},
        "revokes": {c.person: c.reason for c in plan.changes if c.action is Action.REVOKE},
        "waits": {each.person: each.reason for each in plan.waiting},
        "grace": {each.person: each.reason for each in plan.leaving},
        "spared": {each.person: f"{each.action}: {each.reason}" for each in plan.spared},
    }
    names = {guid(name): name for name in moment["people"]}
    told: dict[str, Any] = {
        what: {names[person]: readable(why, moment) for person, why in people.items()}
        for what, people in said.items()
        if people
    }
    if plan.held:
        told["held"] = [readable(sentence, moment) for sentence in plan.held]
    if plan.kept:
        told["kept"] = plan.kept
    if plan.changes and not plan.held:
        told["plan"] = str(plan.state)
    return told


def _asked(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Leave out the reasons, and the state `sent`, where the scenario does not tell them."""
    if found.get("plan") == "sent" and "plan" not in expected:
        found = {key: value for key, value in found.items() if key != "plan"}
    return {
        key: sorted(value) if isinstance(expected.get(key), list) and key != "held" else value
        for key, value in found.items()
    }
