"""The promises of the Ledger port."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.tables.account import Tables
from adapters.tables.ledger import TableLedger
from adapters.tables.table import Write
from domain.change import Action, Change
from domain.decision.undoing import Undone
from domain.errors import Conflict
from domain.head import Approval, Head, Refusal
from domain.ledger import Leave, Page, Row, State, Tally, Wait
from domain.outcome import LicenseError
from domain.ports import Ledger
from tests.contract.conftest import MEMORY_AND_AZURITE
from tests.fakes.ledger import FakeLedger

NOON = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)
GROUP = "9a0c1b2d-0000-4000-8000-0000000000aa"


@pytest.fixture(params=MEMORY_AND_AZURITE)
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return FakeLedger()
    fresh = request.getfixturevalue("fresh")
    return TableLedger(request.getfixturevalue("tables").table(fresh))


def person(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


ADA, BOB, CARL = person(1), person(2), person(3)


def page_of(*people: str, id: str = "page-1", action: Action = Action.GRANT) -> Page:
    changes = tuple(Change(action, who, "Listed.") for who in people)
    return Page(
        id=id,
        bundle="e5",
        target=GROUP,
        generation=1,
        plan="e5.plan",
        run="run-1",
        changes=changes,
        rests_on=NOON,
        written_at=NOON,
        due_at=NOON + timedelta(minutes=1),
        trace=f"00-{'a' * 32}-{'b' * 16}-01",
    )


def row_of(who: str, state: State = State.DECIDED, action: Action = Action.GRANT) -> Row:
    return Row(
        bundle="e5",
        person=who,
        action=action,
        state=state,
        reason="Listed.",
        detail="",
        generation=1,
        plan="e5.plan",
        run="run-1",
        managed=None,
        rests_on=NOON,
        updated_at=NOON,
    )


async def decided(ledger: Ledger, page: Page, *rows: Row) -> Page:
    """Decide a page, write rows beside it, and return it as it is stored."""
    head = (await ledger.standing(page.bundle)).head
    await ledger.decide(head.after(0, 0, NOON), page)
    stored = await ledger.page(page.bundle, page.id)
    assert stored
    stored = await ledger.record(stored, rows) if rows else stored
    assert stored
    return stored


async def test_a_bundle_without_decisions_has_a_blank_head_and_nothing_else(ledger: Ledger) -> None:
    assert (await ledger.standing("e5")).head == Head("e5")
    assert (await ledger.standing("e5")).pages == ()
    assert await ledger.page("e5", "none") is None
    assert await ledger.rows("e5", [ADA]) == {}
    assert await ledger.waiting("e5") == {}
    assert (await ledger.standing("e5")).tally == Tally()
    assert await ledger.unreadable() == []


async def test_a_decision_is_read_back_as_it_was_written(ledger: Ledger) -> None:
    head = replace(Head("e5", 0, 7, 6, 1, held="Held: „zu viele“ 😀"), revoked={"2026-11-02T12": 3})
    page = page_of(ADA, BOB)

    kept = await ledger.decide(head, page)

    assert kept.version
    assert kept == replace(head, version=kept.version)
    assert (await ledger.standing("e5")).head == kept
    [stored] = (await ledger.standing("e5")).pages
    assert stored.version
    assert replace(stored, version="") == page
    assert await ledger.rows("e5", [ADA, BOB]) == {}, "an open page is the record of its changes"


async def test_a_stale_head_decides_nothing(ledger: Ledger) -> None:
    head = await ledger.decide(Head("e5"), page_of(ADA))
    await ledger.decide(head.after(0, 0, NOON), page_of(BOB, id="page-2"))

    for stale in (head, Head("e5")):
        with pytest.raises(Conflict):
            await ledger.decide(stale, page_of(CARL, id="page-3"))
        with pytest.raises(Conflict):
            await ledger.keep_head(stale)

    assert await ledger.page("e5", "page-3") is None
    assert await ledger.rows("e5", [CARL]) == {}
    assert (await ledger.standing("e5")).head.generation == 1


async def test_of_many_who_decide_at_once_one_does(ledger: Ledger) -> None:
    head = await ledger.keep_head(Head("e5"))
    deciding = [
        ledger.decide(head.after(0, 0, NOON), page_of(person(n), id=f"page-{n}")) for n in range(5)
    ]

    answers = await asyncio.gather(*deciding, return_exceptions=True)

    assert sum(isinstance(answer, Head) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 4
    assert len((await ledger.standing("e5")).pages) == 1


async def test_a_decision_takes_its_people_out_of_earlier_pages_in_the_same_step(
    ledger: Ledger,
) -> None:
    whole = await decided(ledger, page_of(ADA), row_of(ADA))
    part = await decided(ledger, page_of(BOB, CARL, id="page-2"), row_of(BOB), row_of(CARL))
    newer = page_of(ADA, BOB, id="page-3", action=Action.REVOKE)
    head = (await ledger.standing("e5")).head
    await ledger.decide(head, newer, [whole.end([ADA]), part.end([BOB])])
    left = {
        page.id: [change.person for change in page.open()]
        for page in (await ledger.standing("e5")).pages
    }
    assert left == {"page-2": [CARL], "page-3": [ADA, BOB]}


async def test_an_earlier_page_that_moved_on_lets_nothing_be_decided(ledger: Ledger) -> None:
    older = await decided(ledger, page_of(ADA, BOB), row_of(ADA), row_of(BOB))
    await ledger.record(older.apply([ADA]), [row_of(ADA, State.APPLIED)])
    head = (await ledger.standing("e5")).head
    with pytest.raises(Conflict):
        await ledger.decide(head, page_of(ADA, id="page-2"), [older.end([ADA])])
    assert [page.id for page in (await ledger.standing("e5")).pages] == ["page-1"]
    assert (await ledger.standing("e5")).head.version == head.version


async def test_a_page_that_exists_is_not_decided_again(ledger: Ledger) -> None:
    head = await ledger.decide(Head("e5"), page_of(ADA))
    with pytest.raises(Conflict):
        await ledger.decide(head, page_of(ADA))


async def test_a_head_is_kept_alone_and_moves_on(ledger: Ledger) -> None:
    first = await ledger.keep_head(replace(Head("e5"), held="The source group is gone."))
    second = await ledger.keep_head(replace(first, held=""))

    assert first.version != second.version
    assert (await ledger.standing("e5")).head == second


async def test_a_head_remembers_what_a_person_decided_and_what_was_believed(
    ledger: Ledger,
) -> None:
    head = Head(
        "e5",
        generation=3,
        leaving=2,
        held="Too many revokes.",
        plan="e5.1-2",
        fingerprint="f1",
        approval=Approval("f1", "Zoë", NOON, NOON + timedelta(hours=1)),
        refusal=Refusal("f0", "Bob", NOON, "„Nicht heute“ 😀"),
        revoked={"2026-11-02T12": 3},
        granted={"2026-11-02T11": 7, "2026-11-02T12": 1},
        sizes={GROUP: 120, "tenant": 5_000},
    )

    kept = await ledger.keep_head(head)
    assert (await ledger.standing("e5")).head == kept == replace(head, version=kept.version)

    undecided = replace(kept, approval=None, refusal=None, plan="", fingerprint="", sizes={})
    kept = await ledger.keep_head(undecided)
    assert (await ledger.standing("e5")).head == replace(undecided, version=kept.version)


async def test_a_head_remembers_the_sizes_of_fifteen_hundred_groups(ledger: Ledger) -> None:
    many = {person(n): 1_000_000 + n for n in range(1_500)}
    kept = await ledger.keep_head(replace(Head("e5"), sizes=many))
    assert (await ledger.standing("e5")).head.sizes == many

    fewer = {GROUP: 3}
    await ledger.keep_head(replace(kept, sizes=fewer))
    assert (await ledger.standing("e5")).head.sizes == fewer


async def test_a_head_of_an_older_version_is_read(tables: Tables, fresh: str) -> None:
    table, ledger = tables.table(fresh), TableLedger(tables.table(fresh))
    older = {
        "generation": 4,
        "entitled": 7,
        "holders": 6,
        "waiting": 1,
        "held": "Held.",
        "revoked": '{"2026-11-02T12": 3}',
    }
    await table.write("e5", [Write("insert", "o:head", older)])

    head = (await ledger.standing("e5")).head

    expected = Head("e5", 4, 7, 6, 1, held="Held.", revoked={"2026-11-02T12": 3})
    assert replace(head, version="") == expected
    kept = await ledger.keep_head(replace(head, leaving=1))
    assert (await ledger.standing("e5")).head == kept


async def test_bundles_do_not_share_heads_pages_or_rows(ledger: Ledger) -> None:
    await decided(ledger, page_of(ADA), row_of(ADA))
    north = replace(page_of(BOB), bundle="e5-north")
    await decided(ledger, north, replace(row_of(BOB), bundle="e5-north"))

    assert [page.changes[0].person for page in (await ledger.standing("e5")).pages] == [ADA]
    assert list(await ledger.rows("e5", [ADA, BOB])) == [ADA]


async def test_progress_is_written_and_read_back(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB), row_of(ADA), row_of(BOB))

    later = replace(page.apply([ADA]), attempt=1, sent=False, due_at=NOON + timedelta(hours=1))
    kept = await ledger.record(later, [row_of(ADA, State.APPLIED)])

    assert kept is not None
    assert kept.version != page.version
    assert kept == replace(later, version=kept.version)
    assert await ledger.page("e5", page.id) == kept
    assert (await ledger.rows("e5", [ADA]))[ADA].state is State.APPLIED


async def test_a_page_that_ended_is_removed_and_its_rows_stay(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA), row_of(ADA))

    assert await ledger.record(page.end([ADA]), [row_of(ADA, State.CONFIRMED)]) is None

    assert await ledger.page("e5", page.id) is None
    assert (await ledger.standing("e5")).pages == ()
    assert (await ledger.rows("e5", [ADA]))[ADA].state is State.CONFIRMED


async def test_progress_of_a_page_that_moved_on_writes_nothing(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB), row_of(ADA), row_of(BOB))
    await ledger.record(page.apply([ADA]), [row_of(ADA, State.APPLIED)])

    with pytest.raises(Conflict):
        await ledger.record(page.apply([BOB]), [row_of(BOB, State.APPLIED)])

    assert (await ledger.rows("e5", [BOB]))[BOB].state is State.DECIDED
    assert (await ledger.standing("e5")).tally == Tally(granted=1)


async def test_progress_of_a_page_that_ended_writes_nothing(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA), row_of(ADA))
    await ledger.record(page.end([ADA]), [])

    with pytest.raises(Conflict):
        await ledger.record(page.apply([ADA]), [row_of(ADA, State.APPLIED)])

    assert (await ledger.standing("e5")).pages == ()
    assert (await ledger.rows("e5", [ADA]))[ADA].state is State.DECIDED


async def test_the_tally_counts_how_changes_ended(ledger: Ledger) -> None:
    grants = await decided(ledger, page_of(ADA, BOB))
    revokes = await decided(ledger, page_of(CARL, id="page-2", action=Action.REVOKE))

    refused = row_of(BOB, State.REFUSED)
    await ledger.record(grants.apply([ADA]).end([BOB]), [row_of(ADA, State.APPLIED), refused])
    await ledger.record(revokes.apply([CARL]).end([CARL]), [])

    assert (await ledger.standing("e5")).tally == Tally(granted=1, revoked=1, failed=1)


async def test_the_tally_counts_a_person_once_however_often_she_is_written(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB))

    applied = await ledger.record(page.apply([ADA]), [row_of(ADA, State.APPLIED)])
    assert applied
    again = await ledger.record(applied, [row_of(ADA, State.APPLIED)])
    assert again
    await ledger.record(again.end([ADA]), [row_of(ADA, State.CONFIRMED)])

    assert (await ledger.standing("e5")).tally == Tally(granted=1)


async def test_a_grant_whose_license_fails_counts_as_granted_and_as_failed(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB))

    applied = await ledger.record(page.apply([ADA]), [row_of(ADA, State.APPLIED)])
    assert applied
    failed = await ledger.record(applied.end([ADA]), [row_of(ADA, State.FAILED)])
    assert failed
    await ledger.record(failed, [row_of(ADA, State.FAILED)])

    assert (await ledger.standing("e5")).tally == Tally(granted=1, failed=1)


async def test_pages_that_progress_at_once_are_all_counted(ledger: Ledger) -> None:
    pages = [await decided(ledger, page_of(person(n), id=f"page-{n}")) for n in range(4)]

    await asyncio.gather(
        *(ledger.record(p.apply(people_of(p)).end(people_of(p)), []) for p in pages)
    )

    assert (await ledger.standing("e5")).tally == Tally(granted=4)


def people_of(page: Page) -> list[str]:
    return [change.person for change in page.changes]


async def test_a_row_without_managed_leaves_it_as_it_was(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA, BOB), row_of(ADA), row_of(BOB))
    assert [row.managed for row in (await ledger.rows("e5", [ADA, BOB])).values()] == [False, False]

    written = [replace(row_of(ADA), managed=True), replace(row_of(BOB), managed=False)]
    kept = await ledger.record(page, written)
    assert kept
    await ledger.record(kept, [row_of(ADA, State.APPLIED), row_of(BOB, State.APPLIED)])

    rows = await ledger.rows("e5", [ADA, BOB])
    assert rows[ADA] == replace(row_of(ADA, State.APPLIED), managed=True)
    assert rows[BOB] == replace(row_of(BOB, State.APPLIED), managed=False)


@pytest.mark.parametrize("asked", [3, 70])
async def test_rows_are_found_for_few_people_and_for_many(ledger: Ledger, asked: int) -> None:
    people = [person(n) for n in range(60)]
    await decided(ledger, page_of(*people), *(row_of(who) for who in people))

    rows = await ledger.rows("e5", [person(n) for n in range(asked)])

    assert sorted(rows) == people[:asked]
    assert all(rows[who].person == who for who in rows)


async def test_ids_that_make_no_key_are_found_nowhere(ledger: Ledger) -> None:
    assert await ledger.rows("e5", ["a/b?c#d\\e", "x" * 2000]) == {}
    assert await ledger.page("e5", "a/b") is None
    assert (await ledger.standing("a/b")).head == Head("a/b")


async def test_sent_pages_are_marked_and_others_are_not(ledger: Ledger) -> None:
    pages = [await decided(ledger, page_of(person(n), id=f"page-{n}")) for n in range(3)]

    await ledger.mark_sent(pages[:2])

    assert [page.sent for page in (await ledger.standing("e5")).pages] == [True, True, False]


async def test_a_page_that_ended_before_it_was_marked_stays_ended(ledger: Ledger) -> None:
    gone = await decided(ledger, page_of(ADA))
    there = await decided(ledger, page_of(BOB, id="page-2"))
    await ledger.record(gone.end([ADA]), [])

    await ledger.mark_sent([gone, there])

    assert [(page.id, page.sent) for page in (await ledger.standing("e5")).pages] == [
        ("page-2", True)
    ]


async def test_a_page_that_was_put_off_before_it_was_marked_stays_unsent(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA))
    await ledger.record(replace(page, attempt=1), [])

    await ledger.mark_sent([page])

    stored = await ledger.page("e5", page.id)
    assert stored is not None
    assert not stored.sent


async def test_a_marked_page_moves_on(ledger: Ledger) -> None:
    page = await decided(ledger, page_of(ADA))
    await ledger.mark_sent([page])
    with pytest.raises(Conflict):
        await ledger.record(page.apply([ADA]), [])


async def test_more_pages_than_a_transaction_holds_are_marked(ledger: Ledger) -> None:
    pages = [await decided(ledger, page_of(person(n), id=f"page-{n:03}")) for n in range(101)]
    await ledger.mark_sent(pages)
    assert all(page.sent for page in (await ledger.standing("e5")).pages)


async def test_people_join_and_leave_the_waiting_list(ledger: Ledger) -> None:
    ada, bob = Wait(ADA, "2026-11-01", "No seat."), Wait(BOB, "2026-11-02", "No seat.")

    await ledger.wait("e5", [ada, bob], [])
    await ledger.wait("e5", [], [ADA, CARL])
    assert await ledger.waiting("e5") == {BOB: bob}

    again = replace(bob, reason="Still no seat.")
    await ledger.wait("e5", [again], [BOB])
    assert await ledger.waiting("e5") == {BOB: again}


async def test_people_come_into_grace_and_leave_it(ledger: Ledger) -> None:
    ada, bob = Leave(ADA, "2026-11-01", "Left Sales."), Leave(BOB, "2026-11-02", "Left „Süd“.")
    assert await ledger.leaving("e5") == {}

    await ledger.leave("e5", [ada, bob], [])
    await ledger.leave("e5", [], [ADA, CARL])
    assert await ledger.leaving("e5") == {BOB: bob}

    again = replace(bob, reason="Left the company.")
    await ledger.leave("e5", [again], [BOB])
    assert await ledger.leaving("e5") == {BOB: again}


async def test_who_waits_and_who_is_in_grace_are_two_lists(ledger: Ledger) -> None:
    wait, leave = Wait(ADA, "2026-11-01", "No seat."), Leave(ADA, "2026-11-02", "Left Sales.")
    await ledger.wait("e5", [wait], [])
    await ledger.leave("e5", [leave], [])
    await ledger.leave("e5-north", [replace(leave, person=BOB)], [])

    assert await ledger.waiting("e5") == {ADA: wait}
    assert await ledger.leaving("e5") == {ADA: leave}
    assert (await ledger.standing("e5")).pages == ()

    await ledger.leave("e5", [], [ADA, BOB])
    assert await ledger.leaving("e5") == {}
    assert await ledger.waiting("e5") == {ADA: wait}
    assert list(await ledger.leaving("e5-north")) == [BOB]


async def test_many_people_in_grace_are_kept_whole(ledger: Ledger) -> None:
    leaves = [Leave(person(n), "2026-11-01", "Left Sales.") for n in range(250)]

    await ledger.leave("e5", leaves, [])
    assert len(await ledger.leaving("e5")) == 250

    await ledger.leave("e5", [], [leave.person for leave in leaves])
    assert await ledger.leaving("e5") == {}


async def test_a_long_waiting_list_is_kept_whole(ledger: Ledger) -> None:
    waits = [Wait(person(n), "2026-11-01", "No seat.") for n in range(250)]

    await ledger.wait("e5", waits, [])
    assert len(await ledger.waiting("e5")) == 250

    await ledger.wait("e5", [], [wait.person for wait in waits])
    assert await ledger.waiting("e5") == {}


async def test_eighty_changes_with_long_reasons_fit_one_page(ledger: Ledger) -> None:
    people = [person(n) for n in range(80)]
    reasons = [f'{n}: user.department -eq "Müller" '.ljust(300, "ü") for n in range(80)]
    changes = tuple(
        Change(Action.REVOKE, who, why) for who, why in zip(people, reasons, strict=True)
    )
    page = replace(page_of(), changes=changes)

    await ledger.decide(Head("e5"), page)
    [stored] = (await ledger.standing("e5")).pages
    assert stored.changes == changes

    rows = [row_of(who, State.APPLIED, Action.REVOKE) for who in people]
    await ledger.record(stored.apply(people).end(people), rows)
    assert (await ledger.standing("e5")).tally == Tally(revoked=80)


async def test_an_unreadable_message_is_kept_once(ledger: Ledger) -> None:
    for _ in range(2):
        await ledger.note_unreadable("id with / and ?", "Not JSON.", "{" * 40_000)
    await ledger.note_unreadable("another", "No bundle.", "{}")
    assert len(await ledger.unreadable()) == 2


async def test_one_decision_is_about_one_bundle(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match=r"about one bundle|as one"):
        await ledger.decide(Head("f3"), page_of(ADA))
    assert (await ledger.standing("e5")).pages == ()


async def test_a_message_that_was_read_after_all_is_forgotten(ledger: Ledger) -> None:
    await ledger.note_unreadable("id with / and ?", "Not JSON", "{")
    await ledger.note_unreadable("other", "No bundle.", "{}")
    await ledger.forget_unreadable("id with / and ?")
    await ledger.forget_unreadable("never there")
    assert [one.message for one in await ledger.unreadable()] == ["other"]


async def test_what_was_undone_is_kept_until_it_is_taken_off(ledger: Ledger) -> None:
    ada, ben = (
        Undone(who, "2026-11-02", f"undone by {who}", action, "run-1")
        for who, action in (("ada", Action.GRANT), ("ben", Action.REVOKE))
    )
    await ledger.undo("e3", [ada, ben], ())
    await ledger.undo("e5", [ada], ())
    assert await ledger.undone("e3") == {"ada": ada, "ben": ben}
    await ledger.undo("e3", (), ["ada", "nobody"])
    assert await ledger.undone("e3") == {"ben": ben}
    assert await ledger.undone("e5") == {"ada": ada}


async def test_the_last_decisions_are_found_by_how_they_stand(ledger: Ledger) -> None:
    people = [ADA, BOB, CARL]
    stored = await decided(ledger, page_of(*people))
    failed = replace(row_of(ADA, State.FAILED), tries=3, error=LicenseError.OTHER, managed=True)
    waits = replace(row_of(BOB, State.WAITING), since="2026-11-02", managed=True)
    done = replace(row_of(CARL, State.CONFIRMED), managed=True)
    await ledger.record(stored.end(people), [failed, waits, done])
    assert list(await ledger.rows_in("e5", [State.FAILED, State.WAITING])) == [failed, waits]
    assert list(await ledger.rows_in("e5", [State.REFUSED])) == []
    assert list(await ledger.rows_in("never", [State.FAILED])) == []


async def test_a_page_keeps_what_its_changes_say_and_how_it_travels(ledger: Ledger) -> None:
    change = Change(Action.GRANT, ADA, "Listed.", True, True, 3, True, "2026-11-02")
    page = replace(page_of(ADA, BOB), urgent=True, reserved=True, fingerprint="f")
    stored = await decided(ledger, replace(page, changes=(change, *page.changes[1:])))
    assert stored == replace(page, changes=(change, *page.changes[1:]), version=stored.version)


async def test_a_head_keeps_what_is_known_of_its_target(ledger: Ledger) -> None:
    head = Head(
        "e5",
        plans={"sku": ("one", "two")},
        seen="digest",
        seen_at=NOON,
        seen_number=7,
        undone=2,
        later=3,
    )
    kept = await ledger.keep_head(head)
    assert (await ledger.standing("e5")).head == kept
    assert kept == replace(head, version=kept.version)
