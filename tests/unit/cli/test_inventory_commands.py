"""inventory list, inventory export, inventory diff."""

import json
from pathlib import Path
from typing import Any

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.samples import ADA
from tests.unit.cli.stub import Answer, Stub, errors

NOW, THEN = "20261122T051200-aaaaaaaa", "20261101T051200-bbbbbbbb"
KINDS = ("flattened", "groups", "memberships", "nested", "people", "products")


def kept(id: str, day: str, people: int) -> dict[str, Any]:
    counts = {"people": people, "groups": 3, "memberships": 7, "products": 2}
    begun, seen = (f"2026-11-{day}T0{hour}:12:00+00:00" for hour in (5, 9))
    return {"id": id, "taken_at": begun, "seen_at": seen, "counts": counts}


def file(body: bytes, parts: int = 1) -> Answer:
    headers = {"X-Seatflow-Snapshot": NOW, "X-Seatflow-Parts": str(parts)}
    return Answer(body, headers=headers)


def test_snapshots_are_listed(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/inventory/snapshots", [kept(NOW, "22", 2000), kept(THEN, "01", 1990)])
    lines = seatflow("inventory list").stdout.splitlines()
    since, until = ["2026-11-22", "05:12", "UTC"], ["2026-11-22", "09:12", "UTC"]
    assert lines[2].split() == [NOW, *since, *until, "2,000", "3", "7", "2"]
    stub.answer("GET", "/inventory/snapshots", [])
    assert "no inventory yet" in seatflow("inventory list").stdout


def test_every_kind_is_written_as_a_file_of_one_snapshot(
    seatflow: Seatflow, stub: Stub, tmp_path: Path
) -> None:
    for kind in KINDS:
        stub.answer("GET", f"/inventory/export/{kind}", file(f"PAR1{kind}".encode()))
    stub.answer("GET", "/inventory/export/owners", errors("owners was never read."))

    done = seatflow(f"inventory export --out {tmp_path}/out")

    assert done.exit_code == 0, done.stderr
    written = {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()}
    assert written == {f"{kind}.parquet": f"PAR1{kind}".encode() for kind in KINDS}
    assert stub.asked[0].query == "snapshot=latest&format=parquet&part=1"
    assert all(f"snapshot={NOW}" in asked.query for asked in stub.asked[1:6])
    assert all("snapshot=latest" in asked.query for asked in stub.asked[6:])
    assert done.stdout.count(f"of {NOW}") == len(KINDS)
    assert "Left out: owners was never read." in done.stderr
    named = seatflow(f"inventory export --kind owners --out {tmp_path}/out")
    assert (named.exit_code, named.stdout) == (3, "")


def test_parts_become_a_folder_of_parquet_and_one_file_of_csv(
    seatflow: Seatflow, stub: Stub, tmp_path: Path
) -> None:
    parts = [file(f"part{n}".encode(), 3) for n in (1, 2, 3)]
    (tmp_path / "people").mkdir()
    (tmp_path / "people/people-0004.parquet").write_bytes(b"of an earlier export")
    stub.answer("GET", "/inventory/export/people", *parts)
    shown = seatflow(f"inventory export --kind people --out {tmp_path} --json").stdout
    folder = {each.name: each.read_bytes() for each in (tmp_path / "people").iterdir()}
    assert folder == {f"people-000{n}.parquet": f"part{n}".encode() for n in (1, 2, 3)}
    assert json.loads(shown) == [
        {"kind": "people", "path": f"{tmp_path}/people", "snapshot": NOW, "files": 3}
    ]

    stub.answer("GET", "/inventory/export/people", *parts)
    seatflow(f"inventory export --kind people --format csv --out {tmp_path}")
    assert (tmp_path / "people.csv").read_bytes() == b"part1part2part3"
    assert not list(tmp_path.glob("*.part"))


def test_a_file_that_did_not_come_whole_has_no_name(
    seatflow: Seatflow, stub: Stub, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_bytes(b"before")
    gone = errors("There is no such part.", status=404)
    stub.answer("GET", "/inventory/export/people", file(b"part1", 2), gone)
    done = seatflow(f"inventory export --kind people --format csv --out {tmp_path}")
    assert (done.exit_code, "There is no such part" in done.stderr) == (3, True)
    assert (tmp_path / "people.csv").read_bytes() == b"before"


def test_a_folder_that_cannot_be_one_is_wrong_input(
    seatflow: Seatflow, stub: Stub, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    done = seatflow(f"inventory export --out {tmp_path}/out")
    assert (done.exit_code, "cannot be written into" in done.stderr) == (2, True)


def test_a_diff_begins_with_the_numbers(seatflow: Seatflow, stub: Stub) -> None:
    diff = {
        "people_joined": 1,
        "people_left": 2_000,
        "people_changed": 3,
        "joined": [{"id": ADA, "name": "ada@contoso.com"}],
        "left": [{"id": ADA, "name": ""}],
        "changes": {"department": 3, "country": 0},
        "changed": [
            {"id": ADA, "name": "ada@x", "attribute": "department", "before": "", "after": "Legal"}
        ],
        "memberships_joined": 1,
        "memberships_left": 0,
        "groups": [{"group": "g", "name": "DEP-Legal", "status": "new", "joined": 1, "left": 0}],
        "moved": [{"group": "g", "id": ADA, "name": "ada@x", "joined": True}],
        "unknown": ["manager cannot be compared: it was not inventoried."],
    }
    answer = {"before": kept(THEN, "01", 1), "after": kept(NOW, "22", 2), "diff": diff}
    seats = {
        "key": ["sku-1"],
        "status": "changed",
        "before": {"enabled": "5"},
        "after": {"enabled": "7"},
    }
    gone = {"key": ["sku-2"], "status": "gone"}
    kinds = [{"kind": "products", "new": 0, "gone": 1, "changed": 1, "rows": [seats, gone]}]
    stub.answer("GET", "/inventory/diff/2026-11-01", answer | {"kinds": kinds})

    shown = seatflow(
        "inventory diff 2026-11-01 --attribute department --attribute country --examples 1"
    ).stdout

    assert stub.last.query == "after=latest&attributes=department,country"
    assert "1 person came, 2,000 left, 3 changed; 1 membership began, 0 ended." in shown
    assert "department: nothing → Legal" in shown
    assert "… and 1,999 more" in shown
    assert "joined g" in shown
    assert "manager cannot be compared" in shown
    assert "sku-1  enabled: 5 → 7" in shown
    assert "DEP-Legal" in shown
