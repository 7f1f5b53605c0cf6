"""inventory list, inventory export, inventory diff."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.address import read_address
from cli.errors import NoAnswer
from cli.exporting import Written, export_all
from cli.service import Service
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
    stub.answer("GET", "/inventory/export/people", file(b"part1", 2), file(b"part2", 2))
    seatflow(f"inventory export --kind people --format csv --out {tmp_path}")
    assert (tmp_path / "people.csv").read_bytes() == b"part1part2"


EXPORT = "/inventory/export/people"
BROKEN = Answer(b"a part that never comes", broken=True)


def parts_asked(stub: Stub) -> list[str]:
    return [asked.query.rpartition("part=")[2] for asked in stub.asked]


def export_people(
    stub: Stub, out: Path, format: str = "parquet"
) -> tuple[list[Written], list[float], list[str]]:
    """Export people; return what was written, the waits, and what was said."""
    waits: list[float] = []
    said: list[str] = []
    service = Service(read_address(stub.url))
    done = export_all(service, ["people"], format, out, "latest", said.append, waits.append)
    return done, waits, said


def test_a_part_that_breaks_off_is_asked_for_again(stub: Stub, tmp_path: Path) -> None:
    stub.answer("GET", EXPORT, file(b"1", 2), BROKEN, Answer(b"", 504), file(b"2", 2))
    _, waits, said = export_people(stub, tmp_path, "csv")
    assert (tmp_path / "people.csv").read_bytes() == b"12"
    assert waits == [2, 10]
    assert "broke off" in said[0]
    assert said[1].endswith("Part 2 of people is asked for again in 10 s.")


def test_nobody_waits_for_a_service_that_is_not_there(stub: Stub, tmp_path: Path) -> None:
    stub.answer("GET", EXPORT, BROKEN)
    with pytest.raises(NoAnswer, match="broke off"):
        export_people(stub, tmp_path)
    assert parts_asked(stub) == ["1"]


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_an_export_that_broke_goes_on_with_what_came_and_looks_whole_only_then(
    stub: Stub, tmp_path: Path, format: str
) -> None:
    one, two, three = (file(part, 3) for part in (b"one", b"two", b"three"))
    stub.answer("GET", EXPORT, one, two, BROKEN)
    with pytest.raises(NoAnswer):
        export_people(stub, tmp_path, format)
    assert {path.name for path in tmp_path.iterdir()} == {"export.part", f"people.{format}.part"}
    stub.asked.clear()
    stub.answer("GET", EXPORT, one, three)

    (written,), _, said = export_people(stub, tmp_path, format)

    assert parts_asked(stub) == ["1", "3"]
    assert said == ["Going on with people: 2 of 3 parts are here."]
    assert [path.name for path in tmp_path.iterdir()] == [written.path.name]
    files = sorted(written.path.iterdir()) if written.path.is_dir() else [written.path]
    assert b"".join(path.read_bytes() for path in files) == b"onetwothree"


def other_first_part() -> Answer:
    return file(b"ONE", 3)


def other_snapshot() -> Answer:
    return Answer(b"one", headers={"X-Seatflow-Snapshot": THEN, "X-Seatflow-Parts": "3"})


@pytest.mark.parametrize("first", [other_first_part, other_snapshot])
def test_an_export_begins_again_where_what_came_is_of_something_else(
    stub: Stub, tmp_path: Path, first: Callable[[], Answer]
) -> None:
    stub.answer("GET", EXPORT, file(b"one", 3), file(b"two", 3), BROKEN)
    with pytest.raises(NoAnswer):
        export_people(stub, tmp_path, "csv")
    stub.asked.clear()
    stub.answer("GET", EXPORT, first(), file(b"TWO", 3), file(b"THREE", 3))

    _, _, said = export_people(stub, tmp_path, "csv")

    assert parts_asked(stub) == ["1", "2", "3"]
    assert said == ["people begins again: what had come is of another snapshot or version."]
    assert (tmp_path / "people.csv").read_bytes() == first().value + b"TWOTHREE"


def test_kinds_that_are_whole_are_not_written_again_until_all_are(
    seatflow: Seatflow, stub: Stub, tmp_path: Path
) -> None:
    command = f"inventory export --kind groups --kind people --format csv --out {tmp_path}"
    stub.answer("GET", "/inventory/export/groups", file(b"g1", 2), file(b"g2", 2), file(b"g1", 2))
    stub.answer("GET", EXPORT, errors("Graph is closed.", status=503, Retry_After="3600"))
    broke = seatflow(command)
    assert broke.exit_code == 4
    assert "What has come is kept: the same command goes on from there." in broke.stderr
    assert (tmp_path / "groups.csv").read_bytes() == b"g1g2"

    stub.answer("GET", EXPORT, file(b"people"))
    stub.asked.clear()
    again = seatflow(command)
    assert (again.exit_code, parts_asked(stub)) == (0, ["1", "1"])
    assert f"{tmp_path}/groups.csv is whole from before." in again.stderr
    assert again.stdout.count(f"of {NOW}") == 2

    stub.asked.clear()
    third = seatflow(command)
    assert (third.exit_code, parts_asked(stub)) == (0, ["1", "2", "1"])


def test_what_takes_the_place_of_an_earlier_export_leaves_nothing_of_it(
    stub: Stub, tmp_path: Path
) -> None:
    whole, part = file(b"whole"), file(b"part", 2)
    for answers, expected in (
        ([whole], {"people.parquet"}),
        ([part, part], {"people", "people/people-0001.parquet", "people/people-0002.parquet"}),
        ([whole], {"people.parquet"}),
    ):
        stub.answer("GET", EXPORT, *answers)
        export_people(stub, tmp_path)
        assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == expected


def test_what_somebody_else_put_into_the_folder_stays(stub: Stub, tmp_path: Path) -> None:
    for folder in ("people", "people.before.part"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "people-0009.parquet").write_bytes(b"of an earlier export")
    (tmp_path / "people" / "notes.txt").write_text("mine")
    (tmp_path / "people.before.part" / "older.txt").write_text("mine, too")
    stub.answer("GET", EXPORT, file(b"part", 2))
    export_people(stub, tmp_path)
    names = {path.name for path in (tmp_path / "people").iterdir()}
    assert names == {"people-0001.parquet", "people-0002.parquet", "notes.txt", "older.txt"}
    assert not list(tmp_path.glob("*.part"))


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
    assert "joined g  DEP-Legal" in shown
    assert "manager cannot be compared" in shown
    assert "sku-1  enabled: 5 → 7" in shown
    assert "DEP-Legal" in shown
