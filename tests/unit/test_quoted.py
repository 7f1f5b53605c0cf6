"""Words of others, which may name people: operators read them, logs and telemetry do not."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle

import pytest

from adapters.graph.errors import error_of
from adapters.graph.reply import Reply
from adapters.graph.verdicts import of_grant
from adapters.log import StandardLog
from domain.chain import read
from domain.errors import SeatflowError
from domain.jobs import Jobs
from domain.outcome import Postponed, Refused
from domain.quoted import quoted, without_quoted
from functions.hosted import hosted
from tests.fakes.faults import Faulty
from tests.unit.office import Office
from tests.unit.webhooks import body, item, person

NAME = "ada.lovelace@contoso.com"
WORDS = f'Another object with the value "{NAME}” exists (“Ada Lovelace”).'
REQUEST = "0a1b2c3d-0000-4000-8000-000000000001"


def reply(status: int) -> Reply:
    error = {"code": "Request_BadRequest", "message": WORDS}
    return Reply(status, {"request-id": REQUEST}, {"error": error})


class Reading(Office):
    """An office whose log lines are read as telemetry reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.ports = replace(self.ports, log=StandardLog(reader=self))
        self.jobs = Jobs(self.ports)

    def line(self, text: str, facts: Mapping[str, str | int | float], *, loud: bool) -> None:
        self.read += [text, *map(str, facts.values())]


@pytest.mark.parametrize("words", ["", "Ada", "“Ada”", "”“", WORDS])
def test_what_is_quoted_is_left_out_whatever_it_is(words: str) -> None:
    assert without_quoted(f"Graph says: {quoted(words)}. Again: {quoted('x')}!") == (
        "Graph says: …. Again: …!"
    )


def test_a_sentence_that_was_cut_off_says_nothing_of_it_either() -> None:
    assert without_quoted(f"Graph says {quoted(WORDS)}"[:40]) == "Graph says …"


def test_kind_code_and_request_id_are_left() -> None:
    told = without_quoted(str(error_of(reply(400), "User.Read.All")))
    assert told == f"Graph refused the request: 400 Request_BadRequest: … (request-id {REQUEST})."


async def whole_day(office: Office) -> None:
    """Everything that reads or writes, whatever becomes of it."""
    jobs = office.jobs
    someone = next(iter(office.tenant.people))
    for work in (
        jobs.inventory(),
        jobs.compile("compile"),
        jobs.renew_watches(),
        office.run(),
        office.follow_hints(),
        office.deliver_all(),
        jobs.confirm(),
        jobs.notified(body(item(office, person(someone))), "call"),
        office.follow_hints(),
        office.hint(someone),
        jobs.sweep(),
        jobs.bury_dead_letters(),
    ):
        try:
            await hosted(work)
        except SeatflowError as error:
            office.line(str(error), {}, loud=False)  # type: ignore[attr-defined]
            assert error.__cause__ is None
            assert error.__suppress_context__


CALLS = [
    ("directory", "people"),
    ("directory", "groups"),
    ("directory", "products"),
    ("directory", "find_groups"),
    ("directory", "persons"),
    ("directory", "outer_groups"),
    ("directory", "count_members"),
    ("directory", "close_up"),
    ("directory", "licenses"),
    ("directory", "membership_log"),
    ("targets", "carry_out"),
    ("targets", "reprocess"),
    ("targets", "license"),
    ("watches", "create"),
]


async def test_no_word_of_graph_is_logged_whatever_fails() -> None:
    for (holder, call), status in zip(CALLS, cycle([400, 403, 503]), strict=False):
        office = Reading()
        e3 = await office.offer("e3")
        await office.hire("Ada", "Sales")
        await office.hire("Eve", "IT", e3.target.group)
        await office.jobs.renew_watches()
        await office.run()
        await office.deliver_all()
        office.clock.advance(400)
        ben = await office.hire("Ben", "Sales")
        office.tenant.join(e3.target.group, ben)
        failing: Faulty = getattr(office, holder)
        for _ in range(3):
            failing.fail_next(call, error=error_of(reply(status), "User.Read.All"))
        await whole_day(office)
        told = [text for text in office.read if "ovelace" in text]
        assert not told, f"{call}: {told}"


@pytest.mark.parametrize("status", [400, 503])
async def test_an_outcome_is_told_whole_to_operators_and_in_part_to_log_and_history(
    status: int,
) -> None:
    office = Reading()
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    outcome = of_grant(reply(status), e3.target.group)
    assert isinstance(outcome, Refused | Postponed)
    office.targets.answer(ada, outcome)
    await office.run()
    if isinstance(outcome, Postponed):
        office.clock.advance(90_000)  # it is given up
    await office.deliver_all()
    row = await office.row(e3, ada)
    assert NAME in row.detail
    assert REQUEST in row.detail
    assert any(REQUEST in text for text in office.read)
    assert not any("ovelace" in text for text in office.read)
    lines = [line async for one in office.ledger.entries("e3") for line in read(one).lines]
    assert any(REQUEST in line.detail for line in lines)
    assert not any("ovelace" in line.detail for line in lines)


async def test_what_a_person_said_is_not_logged() -> None:
    office = Reading()
    await office.offer("e3")
    await office.hire("Ada", "Sales")
    await office.jobs.pause(NAME, f"{NAME} asked for it")
    await office.run()
    (plan,) = await office.jobs.plans(None)
    assert NAME in " ".join(plan.held)
    assert not any(NAME in text for text in office.read)


def test_a_coroutine_that_is_well_is_waited_for() -> None:
    async def well() -> int:
        return 7

    assert asyncio.run(hosted(well())) == 7
