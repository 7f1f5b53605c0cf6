"""The jobs that read the history, over a company whose every decision went through the queue."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from domain.chain import Tail
from domain.errors import Never
from domain.jobs.ledger import moment_of
from tests.unit.office import Office


async def a_company_with_a_past() -> tuple[Office, str, str, datetime]:
    """Ada stays in Sales, Bob leaves it; return them and a moment at which both held the bundle."""
    office = Office()
    await office.offer("e3", limits={"revokes": {"percent": 100, "count": 100}})
    ada, bob = await office.hire("Ada", "Sales"), await office.hire("Bob", "Sales")
    await office.settle()
    between = office.clock.now()
    office.clock.advance(3600)
    office.tenant.move(bob, department="Legal")
    await office.settle()
    return office, ada, bob, between


async def test_who_held_it_then_and_who_does_now() -> None:
    office, ada, bob, between = await a_company_with_a_past()

    then = await office.jobs.held(between.isoformat(), "e3", None)
    now = await office.jobs.held(None, None, None)

    assert {one.person for one in then.holdings} == {ada, bob}
    assert [one.person for one in now.holdings] == [ada]
    assert "Sales" in now.holdings[0].reason
    assert then.breaks == ()
    assert set(then.names) == {ada, bob}


async def test_a_persons_history_has_each_decision_and_what_became_of_it() -> None:
    office, _, bob, _ = await a_company_with_a_past()

    found = await office.jobs.history(person=bob.upper())

    told = [(line.action, line.state) for line in found.lines]
    assert told == [
        (action, state)
        for action in ("grant", "revoke")
        for state in ("decided", "applied", "confirmed")
    ]
    assert {line.person for line in found.lines} == {bob}
    assert all(line.run and line.plan and line.fingerprint and line.reason for line in found.lines)
    assert [line.detail for line in found.lines][1] == "done"
    assert all(line.cause for line in found.lines if line.state in ("decided", "applied"))
    [run] = {line.run for line in found.lines if line.action == "revoke"}
    of_run = await office.jobs.history(run=run)
    assert {(line.person, line.action) for line in of_run.lines} == {(bob, "revoke")}
    later = await office.jobs.history(bundle="e3", since=found.lines[3].at.isoformat())
    assert [line.action for line in later.lines] == ["revoke"] * 3


async def test_a_person_is_named_as_people_name_her_or_by_id_once_she_is_gone() -> None:
    office, _, bob, _ = await a_company_with_a_past()
    name = str(office.tenant.person(bob).attributes["userPrincipalName"])

    assert len((await office.jobs.history(person=name)).lines) == 6
    office.tenant.remove_person(bob)
    with pytest.raises(Never, match="is found by her object id"):
        await office.jobs.history(person=name)
    assert len((await office.jobs.history(person=bob)).lines) == 6


async def test_a_whole_history_is_said_to_be_whole_with_what_to_note() -> None:
    office, *_ = await a_company_with_a_past()

    [found] = await office.jobs.verify_ledger()

    assert (found.bundle, found.breaks) == ("e3", ())
    assert found.entries == office.ledger.tails["e3"].number > 3
    assert found.hash == office.ledger.tails["e3"].hash
    [again] = await office.jobs.verify_ledger("e3", f"{found.entries}:{found.hash}")
    assert again.breaks == ()
    [other] = await office.jobs.verify_ledger("e3", f"1:{found.hash}")
    assert other.breaks
    with pytest.raises(Never, match="noted of one bundle"):
        await office.jobs.verify_ledger(None, found.hash)


async def test_a_changed_history_is_found_and_who_held_what_is_said_to_be_unsure() -> None:
    office, ada, _, _ = await a_company_with_a_past()
    entries = office.ledger.histories["e3"]
    entries[1] = replace(entries[1], text=entries[1].text.replace(ada, ada[::-1]))

    [found] = await office.jobs.verify_ledger()
    held = await office.jobs.held(None, "e3", None)

    assert found.breaks == ("Entry 2 was changed: its text has another hash than it.",)
    assert held.breaks == (f"e3: {found.breaks[0]}",)


async def test_a_history_cut_off_is_found() -> None:
    office, *_ = await a_company_with_a_past()
    del office.ledger.histories["e3"][-1]
    [found] = await office.jobs.verify_ledger()
    assert found.breaks[0].endswith("missing at the end: it was cut off.")


async def test_a_bundle_nothing_was_decided_about_has_an_empty_history() -> None:
    office = Office()
    await office.offer("e3")
    [found] = await office.jobs.verify_ledger("e3")
    assert (found.entries, found.hash, found.breaks) == (0, "", ())
    assert office.ledger.tails.get("e3", Tail()) == Tail()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02", datetime(2026, 11, 2, 23, 59, 59, 999999, UTC)),
        ("2026-11-02T09:30:00", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        ("2026-11-02T09:30:00+01:00", datetime(2026, 11, 2, 8, 30, tzinfo=UTC)),
        ("2026-11-02T09:30:00Z", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_date_means_its_end_and_a_moment_is_utc(text: str, moment: datetime) -> None:
    assert moment_of(text, time.max) == moment
