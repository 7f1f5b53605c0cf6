"""Kinds of facts as sheets: the documented columns, any cut into parts, Parquet and CSV."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from adapters.warehouse.sheets import parquet_of
from domain.inventory.group import Group
from domain.inventory.membership import Memberships
from domain.inventory.people import ServicePlan, people_of
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.kinds import CORE, KINDS, Kind, Type
from domain.kinds.kind import Column
from domain.sheets import READERS, Sheet, csv_of, part_of
from tests.unit.worlds import E3, E5, NOW, guid, person

PEOPLE = people_of(
    [
        person("ada", E3, E5, department="Sales", employeeHireDate="2026-01-01T00:00:00Z"),
        person("ben", E3, proxyAddresses=("SMTP:b@x", "smtp:c@x"), accountEnabled=False),
        person("cyd", displayName="=1+1", assignedPlans=(ServicePlan("p", "exchange", "Enabled"),)),
    ]
)
GROUPS = {
    name: Group(name, f"Group {name}", ("Unified",), licenses={E3: ()} if name == "g1" else {})
    for name in ("g1", "g2", "g3")
}
ROWS = {"g1": np.array([0, 2], np.int32), "g2": np.array([1], np.int32)}
MEMBERS = Memberships({**ROWS, "g3": np.array([], np.int32)}, {"g1": ("g3", "g2")})
SNAPSHOT = Snapshot(
    NOW, PEOPLE, GROUPS, MEMBERS, {E3: Product(E3, "SPE_E3", 10, 1, 4, {"b": "B", "a": "A"}, 3, 2)}
)


def part(kind: Kind, snapshot: Snapshot, start: int, stop: int) -> Sheet:
    pieces = list(part_of(kind, snapshot, start, stop))
    columns = zip(*(piece.cells for piece in pieces), strict=True)
    return Sheet(
        pieces[0].columns, [[cell for cells in column for cell in cells] for column in columns]
    )


def table(sheet: Sheet) -> dict[str, list[Any]]:
    return {
        column.name: list(cells) for column, cells in zip(sheet.columns, sheet.cells, strict=True)
    }


def whole(kind: str) -> Sheet:
    return part(KINDS[kind], SNAPSHOT, 0, READERS[kind].count(SNAPSHOT))


def test_every_core_kind_can_be_read_with_exactly_its_documented_columns() -> None:
    assert READERS.keys() == {kind.name for kind in CORE}
    for kind in CORE:
        sheet = whole(kind.name)
        assert sheet.columns[: len(kind.columns)] == kind.columns
        assert {len(cells) for cells in sheet.cells} == {READERS[kind.name].count(SNAPSHOT)}


@pytest.mark.parametrize("kind", CORE, ids=lambda kind: kind.name)
@pytest.mark.parametrize("size", [1, 2])
def test_the_parts_are_the_whole(kind: Kind, size: int) -> None:
    count = READERS[kind.name].count(SNAPSHOT)
    parts = [
        part(kind, SNAPSHOT, start, min(count, start + size)) for start in range(0, count, size)
    ]
    put_together = [
        [cell for part in parts for cell in part.cells[at]] for at in range(len(parts[0].columns))
    ]
    assert put_together == [list(cells) for cells in whole(kind.name).cells]


def test_people_come_with_what_they_hold_and_with_what_policy_names() -> None:
    people = table(whole("people"))
    ada, ben, cyd = (people["id"].index(guid(name)) for name in ("ada", "ben", "cyd"))
    assert people["products"][ada] == tuple(sorted([E3, E5]))
    assert people["products"][cyd] == ()
    assert people["employeeHireDate"][ada] == datetime(2026, 1, 1, tzinfo=UTC)
    assert people["proxyAddresses"][ben] == ("SMTP:b@x", "smtp:c@x")
    assert people["accountEnabled"][ben] is False
    assert people["assignedPlans"][cyd] == ("p:Enabled",)


def test_an_older_snapshot_has_nothing_in_a_column_it_does_not_know() -> None:
    columns = {name: column for name, column in PEOPLE.columns.items() if name != "city"}
    older = Snapshot(NOW, type(PEOPLE)(PEOPLE.ids, columns, {}), {}, Memberships({}, {}), {})
    assert table(part(KINDS["people"], older, 0, 3))["city"] == [None] * 3


def test_groups_memberships_and_products_are_told_by_their_ids() -> None:
    assert table(whole("groups"))["licenses"] == [(E3,), (), ()]
    members = table(whole("memberships"))
    assert list(zip(members["group"], members["person"], strict=True)) == [
        ("g1", PEOPLE.id(0)),
        ("g1", PEOPLE.id(2)),
        ("g2", PEOPLE.id(1)),
    ]
    assert table(whole("nested")) == {"group": ["g1", "g1"], "member": ["g2", "g3"]}
    products = table(whole("products"))
    assert products["plans"] == [("a", "b")]
    seats = ("enabled", "warning", "consumed", "suspended", "locked_out")
    assert [products[name] for name in seats] == [[10], [1], [4], [3], [2]]


COLUMNS = tuple(Column(type.value, type, f"a {type.value}") for type in Type)
CELLS: dict[Type, list[Any]] = {
    Type.TEXT: ["Zürich 😀", None],
    Type.FLAG: [True, None],
    Type.NUMBER: [7, None],
    Type.MOMENT: [datetime(2026, 11, 2, 12, 30, tzinfo=UTC), None],
    Type.DAY: [date(2026, 11, 2), None],
    Type.TEXTS: [("a", "b"), ()],
}
EVERY_TYPE = Sheet(COLUMNS, [CELLS[type] for type in Type])


def test_parquet_has_the_types_and_what_each_column_means() -> None:
    file = pq.read_table(BytesIO(parquet_of([EVERY_TYPE])))
    read = {name: file.column(name).to_pylist() for name in file.column_names}
    assert read == {
        type.value: [list(c) if isinstance(c, tuple) else c for c in CELLS[type]] for type in Type
    }
    assert file.schema.field("moment").metadata[b"description"] == b"a moment"


def test_csv_is_what_excel_opens_without_questions() -> None:
    text = csv_of(EVERY_TYPE)
    assert text.startswith("\ufefftext,flag,number,moment,day,texts\r\n")
    _, first, second = csv.reader(StringIO(text.removeprefix("\ufeff")))
    assert first == ["Zürich 😀", "true", "7", "2026-11-02T12:30:00Z", "2026-11-02", "a;b"]
    assert second == ["", "", "", "", "", ""]
    assert (
        text
        == csv_of(EVERY_TYPE)
        == "\ufeff"
        + ",".join(column.name for column in COLUMNS)
        + "\r\n"
        + csv_of(EVERY_TYPE, head=False)
    )


@pytest.mark.parametrize("text", ["=1+1", "+47 1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_of_the_directory_is_carried_out_as_a_formula(text: str) -> None:
    columns = (Column("a", Type.TEXT, ""), Column("b", Type.TEXTS, ""))
    (row,) = csv.reader(StringIO(csv_of(Sheet(columns, [[text], [(text, "x")]]), head=False), ""))
    assert row == [f"'{text}", f"'{text};x"]


def test_a_number_below_zero_and_an_ordinary_text_stay_as_they_are() -> None:
    columns = (Column("a", Type.NUMBER, ""), Column("b", Type.TEXT, ""))
    assert csv_of(Sheet(columns, [[-1], ['He said "a, b"']]), head=False) == (
        '-1,"He said ""a, b"""\r\n'
    )
