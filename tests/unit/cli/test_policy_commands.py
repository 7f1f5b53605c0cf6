"""lint, whatif, push, schema: a folder of policy files, and what is said about it."""

import json
from pathlib import Path

import pytest

from cli.render.effect_markdown import LONGEST
from tests.unit.cli.conftest import Seatflow, run
from tests.unit.cli.samples import ADA, BEN, bundle_effect, effect, product_effect
from tests.unit.cli.stub import Stub, errors

WRONG = {"level": "error", "at": "a.yaml:3", "code": "unknown-product", "sentence": "No product."}
DOUBTFUL = {"level": "warning", "at": "a.yaml:9", "code": "no-one", "sentence": "It names no one."}
_NOTHING = dict.fromkeys(("gains", "losses", "grants", "revokes"), 0)
HELD = "210 of 400 holders would lose it (52.5 %); at most 25 % may in 24 hours."


@pytest.mark.parametrize("command", ["lint", "whatif", "push"])
def test_a_folder_that_is_none_is_said_to_be_none(
    seatflow: Seatflow, stub: Stub, tmp_path: Path, command: str
) -> None:
    (tmp_path / "file").write_text("")
    for place, said in (("nowhere", "does not exist"), ("file", "is a file"), (".", "no *.yaml")):
        result = seatflow(command, str(tmp_path / place))
        assert result.exit_code == 2
        assert said in result.stderr
    assert stub.asked == []


def test_a_file_that_is_no_text_is_named(seatflow: Seatflow, folder: Path) -> None:
    (folder / "bad.yaml").write_bytes(b"id: \xff\n")
    result = seatflow("push", str(folder))
    assert result.exit_code == 2
    assert "bad.yaml is not UTF-8 text: see byte 5." in result.stderr


def test_no_policy_is_left_out_for_its_name(seatflow: Seatflow, folder: Path) -> None:
    (folder / "other.yml").write_text("")
    result = seatflow("push", str(folder))
    assert result.exit_code == 2
    assert "Rename other.yml." in result.stderr


def test_files_travel_by_name_and_without_a_byte_order_mark(
    seatflow: Seatflow, stub: Stub, folder: Path
) -> None:
    (folder / "b.yaml").write_bytes(b"\xef\xbb\xbfname: B\xc3\xa4r\n")
    (folder / "README.md").write_text("no policy")
    stub.answer("POST", "/lint", {"findings": []})
    result = seatflow("lint", str(folder))
    assert stub.last.body == {"files": {"b.yaml": "name: Bär\n", "m365-e5.yaml": "id: m365-e5\n"}}
    assert (result.exit_code, result.stdout) == (0, "No findings.\n")


def test_findings_read_as_a_compilers_do_and_errors_fail(
    seatflow: Seatflow, stub: Stub, folder: Path
) -> None:
    stub.answer("POST", "/lint", {"findings": [WRONG, DOUBTFUL]}, {"findings": [DOUBTFUL]})
    result = seatflow("lint", str(folder))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "a.yaml:3: error: No product. [unknown-product]",
        "a.yaml:9: warning: It names no one. [no-one]",
        "1 error, 1 warning.",
    ]
    assert seatflow("lint", str(folder)).exit_code == 0


def test_lint_offline_needs_no_service(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: m365-e5\nnonsense: 1\n")
    result = run("lint --offline --json", str(tmp_path))
    assert result.exit_code == 1
    findings = json.loads(result.stdout)["findings"]
    assert {finding["level"] for finding in findings} >= {"error"}
    assert any("nonsense" in finding["sentence"] for finding in findings)
    assert all(finding["at"].startswith("a.yaml:") for finding in findings)


def test_a_push_says_what_is_new(seatflow: Seatflow, stub: Stub, folder: Path) -> None:
    stored = [
        {"id": "m365-e3", "version": 3, "changed": False},
        {"id": "m365-e5", "version": 4, "changed": True},
    ]
    stub.answer("PUT", "/bundles", {"stored": stored, "tenant": 2, "findings": [DOUBTFUL]})
    result = seatflow("push", str(folder))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "a.yaml:9: warning: It names no one. [no-one]",
        "0 errors, 1 warning.",
        "m365-e3: unchanged at version 3",
        "m365-e5: stored as version 4",
        "2 bundles, 1 changed. The tenant's policy is at version 2.",
    ]


def test_a_bad_policy_is_not_in_order_and_a_bad_request_is_refused(
    seatflow: Seatflow, stub: Stub, folder: Path
) -> None:
    stub.answer("PUT", "/bundles", errors("a.yaml:3: No product."), errors("This is a decision."))
    bad = seatflow("push", str(folder))
    assert (bad.exit_code, bad.stderr) == (1, "seatflow: a.yaml:3: No product.\n")
    assert seatflow("push", str(folder)).exit_code == 3


@pytest.mark.parametrize("command", ["push --json", "whatif --json", "whatif --format json"])
def test_who_asks_for_json_gets_the_mistakes_as_json(
    seatflow: Seatflow, stub: Stub, folder: Path, command: str
) -> None:
    for call in (("PUT", "/bundles"), ("POST", "/whatif")):
        stub.answer(*call, errors("a.yaml:3: No product.", "b.yaml:1: No id."))
    result = seatflow(command, str(folder))
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"errors": ["a.yaml:3: No product.", "b.yaml:1: No id."]}
    assert result.stderr.startswith("seatflow: a.yaml:3: No product.")


def test_what_if_says_first_what_would_be_held(
    seatflow: Seatflow, stub: Stub, folder: Path
) -> None:
    changes = [{"action": "revoke", "person": ADA, "reason": "no longer meets the rule"}] * 9
    waits = [{"person": BEN, "since": "2026-11-20T08:00:00+00:00", "reason": "no seat is free"}]
    stub.answer(
        "POST",
        "/whatif",
        effect(
            bundle_effect(held=[HELD], changes=changes),
            bundle_effect(bundle="m365-e3", status="unchanged", waiting=4, waits=waits),
            bundle_effect(bundle="e5", status="unchanged", **_NOTHING),
            products=(
                product_effect(),
                product_effect(part_number="SPE_E3", currency="EUR", monthly_effect=20.5),
                product_effect(part_number="SPE_E5", monthly_effect=1000.0),
                product_effect(part_number="VISIO", monthly=None, monthly_effect=None),
                product_effect(part_number="SAME", after=400, monthly_effect=0.0),
            ),
            missing=("visio",),
        ),
    )
    result = seatflow("whatif --examples 2", str(folder))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Against the inventory of 2026-11-22 05:00 UTC. Nothing is stored or sent."
    assert lines[2:4] == ["WOULD BE HELD: teams-premium", f"  {HELD}"]
    assert "A month: +20.50 EUR, -463.00 USD. Without a price, and left out: VISIO." in lines
    assert "Not named, so left as stored: visio." in lines
    assert "Concerned, and nothing happens to: e5." in lines
    assert "SAME" not in result.stdout
    assert lines.count(f"  {ADA}  no longer meets the rule") == 2
    assert "  … and 208 more" in lines
    assert f"  {BEN}  no seat is free" in lines
    row = next(line.split() for line in lines if line.startswith("teams-premium "))
    assert row == ["teams-premium", "HELD", "191", "1", "210", "1", "210", "0", "no", "price"]


def test_what_if_fails_on_held_only_when_asked_to(
    seatflow: Seatflow, stub: Stub, folder: Path
) -> None:
    stub.answer("POST", "/whatif", effect(bundle_effect(held=[HELD])))
    assert seatflow("whatif", str(folder)).exit_code == 0
    assert seatflow("whatif --fail-on-held", str(folder)).exit_code == 1
    stub.answer("POST", "/whatif", effect(bundle_effect()))
    assert seatflow("whatif --fail-on-held", str(folder)).exit_code == 0


def test_what_if_marks_a_dry_run(seatflow: Seatflow, stub: Stub, folder: Path) -> None:
    dry = bundle_effect(bundle="m365-e3", mode="dry-run")
    held = bundle_effect(bundle="m365-e5", mode="dry-run", held=[HELD])
    stub.answer("POST", "/whatif", effect(dry, held))
    said = "nothing would be sent of m365-e3, m365-e5; their numbers are not in the totals."
    out = seatflow("whatif", str(folder)).stdout
    assert f"DRY RUN: {said}" in out
    assert [line.split()[1:4] for line in out.splitlines() if line.startswith("m365-e")] == [
        ["DRY", "RUN", "191"],
        ["HELD,", "DRY", "RUN"],
    ]
    markdown = seatflow("whatif --format markdown", str(folder)).stdout
    assert said in markdown
    assert "| m365-e3 | **DRY RUN** |" in markdown


def test_what_if_of_nothing_new_says_so(seatflow: Seatflow, stub: Stub, folder: Path) -> None:
    stub.answer("POST", "/whatif", effect())
    assert "It changes no bundle." in seatflow("whatif", str(folder)).stdout
    markdown = seatflow("whatif --format markdown", str(folder)).stdout
    assert markdown.startswith("## What this policy would do: no bundle changes\n")


def test_what_if_as_markdown_warns_and_lets_nothing_through(
    seatflow: Seatflow, stub: Stub, folder: Path
) -> None:
    evil = "@everyone | <img src=x>\n# `big` [a](b) **b**"
    changes = [{"action": "revoke", "person": ADA, "reason": evil}]
    stub.answer(
        "POST",
        "/whatif",
        effect(bundle_effect(held=[HELD], changes=changes), products=(product_effect(),)),
    )
    text = seatflow("whatif --format markdown", str(folder)).stdout
    lines = text.splitlines()
    assert lines[0] == "## What this policy would do: 1 of 1 bundle WOULD BE HELD"
    assert "> [!WARNING]" in lines
    assert "> **teams-premium would be held**" in lines
    assert (
        "| teams-premium | **HELD** | 400 → 191 | 1 | 210 | 1 | 210 | 0 | 0 | no price |" in lines
    )
    assert r"| Microsoft\_Teams\_Premium | 500 | 400 | 400 | 191 | -1,463.00 USD |" in lines
    (person,) = [line for line in lines if ADA in line]
    assert person == (
        f"- `{ADA}` @\N{ZERO WIDTH SPACE}everyone \\| \\<img src=x\\>"
        r" \# \`big\` \[a\](b) \*\*b\*\*"
    )


def test_a_comment_that_would_be_too_long_leaves_the_people_out(
    seatflow: Seatflow, stub: Stub, folder: Path
) -> None:
    changes = [{"action": "grant", "person": ADA, "reason": "r" * 4_000}] * 20
    stub.answer("POST", "/whatif", effect(bundle_effect(changes=changes)))
    text = seatflow("whatif --format markdown --examples 20", str(folder)).stdout
    assert len(text) < LONGEST
    assert ADA not in text
    assert "The people are left out" in text


@pytest.mark.parametrize("option", ["--json", "--format json"])
def test_what_if_as_json_is_the_services_own_answer(
    seatflow: Seatflow, stub: Stub, folder: Path, option: str
) -> None:
    answer = effect(bundle_effect(held=[HELD])) | {"of_a_newer_version": [1]}
    stub.answer("POST", "/whatif", answer)
    assert json.loads(seatflow(f"whatif {option}", str(folder)).stdout) == answer


def test_the_schema_is_one(tmp_path: Path) -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "policy" in json.dumps(schema)
