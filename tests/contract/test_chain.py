"""The promises of the Ledger port about its history: nothing without an entry, no entry unseen."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.tables.account import Tables
from adapters.tables.ledger import TableLedger
from adapters.tables.table import Table, Write
from domain.audit import verify
from domain.chain import Entry, Kind, Line, LineState, Sealed, Tail, read
from domain.change import Action, Change
from domain.errors import Conflict
from domain.head import Head
from domain.ledger import State, Tally
from domain.ports import Ledger
from tests.contract.test_ledger import (
    ADA,
    BOB,
    CARL,
    NOON,
    decided,
    ledger,
    page_of,
    person,
    row_of,
)

__all__ = ["ledger"]

LATER = NOON + timedelta(minutes=5)


async def history(ledger: Ledger) -> list[Sealed]:
    """Return all entries, and check that they are a whole chain."""
    sealed = [each async for each in ledger.entries("e5")]
    assert verify("e5", sealed, await ledger.tail("e5")) == ()
    return sealed


async def entries(ledger: Ledger) -> list[Entry]:
    return [read(sealed) for sealed in await history(ledger)]


def said(entry: Entry) -> list[tuple[str, str]]:
    return [(line.person, line.state) for line in entry.lines]


def noted(*lines: Line) -> Entry:
    return Entry("e5", Kind.NOTED, NOON, lines, run="run-9", cause="hand", by="Zoë")


async def test_a_bundle_without_decisions_has_no_history(ledger: Ledger) -> None:
    assert await history(ledger) == []
    assert await ledger.tail("e5") == Tail()
    assert (await ledger.standing("e5")).number == 0


async def test_what_is_open_tells_the_number_of_the_last_entry(ledger: Ledger) -> None:
    for number in (1, 2):
        await ledger.note(noted(Line(ADA, LineState.JOINED)))
        assert (await ledger.standing("e5")).number == number == (await ledger.tail("e5")).number


async def test_a_decision_is_an_entry_with_a_line_for_each_person(ledger: Ledger) -> None:
    page = replace(page_of(ADA, BOB), fingerprint="f1")

    await ledger.decide(Head("e5"), page, cause="message-1", by="Zoë")

    [entry] = await entries(ledger)
    grant = Line(ADA, LineState.DECIDED, Action.GRANT, "Listed.")
    assert entry == Entry(
        bundle="e5",
        kind=Kind.DECIDED,
        at=NOON,
        lines=(grant, replace(grant, person=BOB)),
        page="page-1",
        plan="e5.plan",
        fingerprint="f1",
        run="run-1",
        generation=1,
        cause="message-1",
        by="Zoë",
        number=1,
    )


async def test_progress_is_an_entry_with_what_became_of_each(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB, CARL))
    refused = replace(row_of(BOB, State.REFUSED), detail="A guest.", updated_at=LATER)

    await ledger.record(
        page.apply([ADA]).end([BOB]), [refused], "message-2", LATER, {ADA: "already so"}
    )

    _, entry = await entries(ledger)
    assert (entry.kind, entry.cause, entry.at) == (Kind.PROGRESS, "message-2", LATER)
    assert (entry.page, entry.run, entry.plan) == ("page-1", "run-1", "e5.plan")
    assert entry.lines == (
        Line(ADA, LineState.APPLIED, Action.GRANT, "Listed.", "already so"),
        Line(BOB, LineState.REFUSED, Action.GRANT, "Listed.", "A guest."),
    )


async def test_progress_without_news_is_no_entry(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA))
    later = await ledger.record(replace(page, attempt=1, due_at=LATER, sent=False), [])
    assert later
    await ledger.mark_sent([later])

    assert [entry.kind for entry in await entries(ledger)] == [Kind.DECIDED]


async def test_a_person_carried_out_and_ended_at_once_has_both_lines(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB))

    await ledger.record(page.apply([ADA, BOB]).end([ADA, BOB]), [row_of(ADA, State.CONFIRMED)])

    entry = (await entries(ledger))[-1]
    assert said(entry) == [
        (ADA, "applied"),
        (ADA, "confirmed"),
        (BOB, "applied"),
        (BOB, "closed"),
    ]


async def test_a_decision_tells_whom_it_took_out_of_earlier_pages(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB, CARL))
    page = await ledger.record(page.apply([ADA]).end([BOB]), [row_of(BOB, State.REFUSED)]) or page
    newer = page_of(ADA, BOB, CARL, id="page-2", action=Action.REVOKE)
    head = (await ledger.standing("e5")).head

    await ledger.decide(head, newer, [page.end([ADA, BOB, CARL])])

    entry = (await entries(ledger))[-1]
    superseded = [line for line in entry.lines if line.state == LineState.SUPERSEDED]
    assert [(line.person, line.action) for line in superseded] == [
        (ADA, Action.GRANT),
        (CARL, Action.GRANT),
    ], "Bob's change had ended before"
    assert "after page page-1 carried it out" in superseded[0].detail
    assert "before page page-1 carried it out" in superseded[1].detail


async def test_what_is_refused_leaves_no_entry(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB))
    await ledger.record(page.apply([ADA]), [])
    head = (await ledger.standing("e5")).head

    with pytest.raises(Conflict):
        await ledger.record(page.apply([BOB]), [])
    with pytest.raises(Conflict):
        await ledger.decide(head, page_of(BOB, id="page-2"), [page.end([BOB])])
    with pytest.raises(Conflict):
        await ledger.decide(Head("e5"), page_of(BOB, id="page-2"))
    with pytest.raises(Conflict):
        await ledger.decide(head, page_of(BOB))

    assert len(await history(ledger)) == 2


async def test_all_who_write_at_once_are_in_the_history_once(ledger: Ledger) -> None:
    pages = [await decided(ledger, page_of(person(n), id=f"page-{n}")) for n in range(3)]
    head = (await ledger.standing("e5")).head

    await asyncio.gather(
        *(ledger.record(page.apply([person(n)]), []) for n, page in enumerate(pages)),
        ledger.decide(head, page_of(CARL, id="page-9")),
    )

    found = await entries(ledger)
    assert [entry.number for entry in found] == list(range(1, 8))
    assert sorted(entry.page for entry in found[3:]) == ["page-0", "page-1", "page-2", "page-9"]
    assert (await ledger.standing("e5")).tally == Tally(granted=3)


async def test_what_is_noted_is_an_entry_with_its_rows(ledger: Ledger) -> None:
    joined = Line(BOB, LineState.JOINED, detail="By hand.")
    waiting = Line(ADA, LineState.WAITING, Action.GRANT, "Listed.")

    await ledger.note(noted(joined, waiting), [row_of(ADA, State.WAITING)])
    await ledger.note(noted(replace(joined, state=LineState.LEFT)))

    found = await entries(ledger)
    assert [said(entry) for entry in found] == [
        [(ADA, "waiting")],
        [(BOB, "joined")],
        [(BOB, "left")],
    ]
    assert {(entry.by, entry.cause, entry.run) for entry in found} == {("Zoë", "hand", "run-9")}
    assert (await ledger.rows("e5", [ADA]))[ADA].state is State.WAITING


async def test_thousands_of_lines_and_rows_are_noted_in_several_entries(ledger: Ledger) -> None:
    people = [person(n) for n in range(1_300)]
    lines = [Line(who, LineState.FOUND, detail=f"Nr. {n} ü") for n, who in enumerate(people)]

    await ledger.note(noted(*lines), [row_of(who) for who in people[:200]])

    found = await entries(ledger)
    assert len(found) == 3 + 3
    assert sorted(line.person for entry in found for line in entry.lines) == people
    assert len(await ledger.rows("e5", people)) == 200


async def test_what_is_noted_is_about_one_bundle(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match=r"about one bundle|as one"):
        await ledger.note(noted(), [replace(row_of(ADA), bundle="f3")])
    assert await history(ledger) == []


async def test_entries_are_read_on_from_a_number(ledger: Ledger) -> None:
    for n in range(260):
        await ledger.note(noted(Line(person(n), LineState.FOUND)))

    assert len(await history(ledger)) == 260
    rest = [sealed.number async for sealed in ledger.entries("e5", after=255)]
    assert rest == [256, 257, 258, 259, 260]
    assert [sealed async for sealed in ledger.entries("e5", after=260)] == []


async def test_eighty_people_with_long_reasons_of_their_own_are_one_decision(
    ledger: Ledger,
) -> None:
    reasons = [f'{n}: "Müller" \n'.ljust(700, "ü") for n in range(80)]
    changes = tuple(Change(Action.GRANT, person(n), why) for n, why in enumerate(reasons))

    await ledger.decide(Head("e5"), replace(page_of(), changes=changes))

    [stored] = (await ledger.standing("e5")).pages
    assert stored.changes == changes
    [entry] = await entries(ledger)
    assert [line.reason for line in entry.lines] == reasons


async def test_bundles_have_a_history_each(ledger: Ledger) -> None:
    await decided(ledger, page_of(ADA))
    await decided(ledger, replace(page_of(BOB), bundle="f3"))

    north = [sealed async for sealed in ledger.entries("f3")]
    assert verify("f3", north, await ledger.tail("f3")) == ()
    assert verify("e5", north, await ledger.tail("f3")) == (
        "Entry 1 says that it is entry 1 of f3.",
    )
    assert len(await history(ledger)) == 1


class Tampered:
    """A history of five entries in a real table, and somebody who can write to it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.ledger = TableLedger(table)

    async def breaks(self) -> tuple[str, ...]:
        sealed = [each async for each in self.ledger.entries("e5")]
        return verify("e5", sealed, await self.ledger.tail("e5"))

    async def rows(self) -> Sequence[tuple[str, dict[str, object]]]:
        found = [*await self._table.scan("e5", "h:"), *await self._table.scan("e5", "o:tally")]
        return [
            (one["RowKey"], {k: v for k, v in one.items() if not k.endswith("Key")})
            for one in found
        ]

    async def put(self, row: str, values: dict[str, object]) -> None:
        await self._table.write("e5", [Write("put", row, values)])

    async def remove(self, row: str) -> None:
        await self._table.write("e5", [Write("remove", row, {}, "*")])


@pytest.fixture
async def tampered(tables: Tables, fresh: str) -> Tampered:
    one = Tampered(tables.table(fresh))
    page = await decided(one.ledger, page_of(ADA, BOB))
    for who in (ADA, BOB):
        page = await one.ledger.record(page.apply([who]), [], "m", NOON) or page
    for who in (ADA, BOB):
        page = await one.ledger.record(page.end([who]), [row_of(who, State.CONFIRMED)]) or page
    assert await one.breaks() == ()
    return one


async def test_a_change_of_any_property_of_any_row_is_found(tampered: Tampered) -> None:
    tried = 0
    for row, values in await tampered.rows():
        for name in ("text", "hash", "entries"):
            if name not in values:
                continue
            value = values[name]
            for changed in _changes(value):
                await tampered.put(row, {**values, name: changed})
                assert await tampered.breaks(), (row, name, changed)
                tried += 1
        await tampered.put(row, values)
        assert await tampered.breaks() == ()
    assert tried > 60


def _changes(value: object) -> list[object]:
    if not isinstance(value, str):
        return [0, 4, 6]
    places = range(0, len(value), max(1, len(value) // 9))
    flipped = [value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] for at in places]
    return [*flipped, value + " ", value[:-1], "", 7]


async def test_a_row_that_is_gone_is_found_wherever_it_stood(tampered: Tampered) -> None:
    for row, values in await tampered.rows():
        await tampered.remove(row)
        assert await tampered.breaks(), row
        await tampered.put(row, values)
    assert await tampered.breaks() == ()


async def test_two_rows_that_change_places_are_found(tampered: Tampered) -> None:
    (first, one), (second, two), *_ = await tampered.rows()
    await tampered.put(first, two)
    await tampered.put(second, one)
    assert len(await tampered.breaks()) >= 2


async def test_a_row_that_is_added_is_found(tampered: Tampered) -> None:
    values = (await tampered.rows())[2][1]
    for name in ("h:000000000006", "h:7", "h:x", "h:000000000003.5", "h:000000000000"):
        await tampered.put(name, values)
        assert await tampered.breaks(), name
        await tampered.remove(name)
    assert await tampered.breaks() == ()


async def test_a_tally_that_lost_the_end_of_the_history_does_not_stop_the_ledger(
    tampered: Tampered,
) -> None:
    *_, (tally, values) = await tampered.rows()
    forgot = {name: value for name, value in values.items() if name not in ("entries", "hash")}
    await tampered.put(tally, forgot)
    assert await tampered.breaks() == ("The tail is at entry 0, and there are entries up to 5.",)

    await decided(tampered.ledger, page_of(CARL, id="page-2"))

    assert await tampered.breaks() == ()
    assert (await tampered.ledger.tail("e5")).number == 6
