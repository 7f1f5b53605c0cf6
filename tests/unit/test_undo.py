"""A run is undone through the same compile and the same guards, until policy has been mended."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.bundle import Bundle
from domain.chain import read
from domain.errors import Held
from domain.ledger import State
from domain.policy import Policy
from tests.fakes.faults import Crash
from tests.unit.office import SALES, Office


@pytest.fixture
def office() -> Office:
    return Office()


async def mistake(office: Office, **fields: object) -> tuple[Bundle, list[str], str]:
    """Let everyone of Sales have a bundle, then lose it by a mistake; return the run that did it.

    Two of IT gain it by the same mistake.
    """
    e3 = await office.offer("e3", **fields)  # type: ignore[arg-type]
    people = [await office.hire(name, "Sales") for name in ("Ada", "Ben", "Cleo")]
    people += [await office.hire(name, "IT") for name in ("Dee", "Eve")]
    await office.settle()
    assert office.members(e3) == set(people[:3])
    await policy(office, e3, {"rule": 'user.department -eq "IT"'})
    office.clock.advance(300)
    run = (await office.run()).id
    await office.deliver_all()
    await office.jobs.confirm()
    assert office.members(e3) == set(people[3:])
    return e3, people, run


async def policy(office: Office, bundle: Bundle, document: Mapping[str, object]) -> None:
    changed = bundle.model_copy(update={"policy": Policy.model_validate(document)})
    await office.bundles.put([changed], "tests", office.clock.now())


async def test_everyone_gets_back_what_she_had_while_policy_is_still_wrong(office: Office) -> None:
    e3, people, run = await mistake(office)
    office.clock.advance(300)
    told = await office.jobs.undo(run, "ada", "wrong department", "u1")
    assert told is not None
    (undoing,) = told.bundles
    assert len(undoing.turned) == 5
    await office.settle()
    assert office.members(e3) == set(people[:3])
    row = await office.row(e3, people[0])
    assert row.reason == f"run {run} was undone by ada: wrong department"
    await office.settle()
    assert office.members(e3) == set(people[:3])


async def test_once_policy_is_mended_nothing_is_laid_over_it_any_more(office: Office) -> None:
    e3, people, run = await mistake(office)
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.settle()
    await policy(office, e3, SALES)
    await office.settle()
    assert office.members(e3) == set(people[:3])
    assert await office.ledger.undone("e3") == {}
    assert (await office.ledger.standing("e3")).head.undone == 0
    office.tenant.move(people[0], department="IT")
    await office.settle()
    assert office.members(e3) == set(people[1:3])


async def test_an_undoing_ends_when_someone_says_so(office: Office) -> None:
    e3, people, run = await mistake(office)
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.settle()
    assert (await office.jobs.end_undoing(run, "ada", "", "u2")).changes == 5
    await office.settle()
    assert office.members(e3) == set(people[3:])
    with pytest.raises(Held, match="Nothing of run"):
        await office.jobs.end_undoing(run, "ada", "", "u3")


async def test_whoever_was_decided_about_since_is_left_alone(office: Office) -> None:
    e3, people, run = await mistake(office)
    office.tenant.move(people[0], department="IT")
    await office.settle()
    told = await office.jobs.undo(run, "ada", "wrong department", "u1")
    assert told is not None
    (undoing,) = told.bundles
    assert undoing.decided_since == (people[0],)
    await office.settle()
    assert office.members(e3) == set(people[:3])


async def test_what_is_still_on_its_way_is_undone_too(office: Office) -> None:
    e3 = await office.offer("e3")
    ben = await office.hire("Ben", "Sales", e3.target.group)
    await office.settle()
    await policy(office, e3, {"rule": 'user.department -eq "IT"'})
    office.clock.advance(300)
    run = (await office.run()).id
    await office.jobs.undo(run, "ada", "no", "u1")
    await office.settle()
    assert office.members(e3) == {ben}


async def test_undoing_passes_the_guards_like_any_plan(office: Office) -> None:
    limits = {"revokes": {"percent": 100}, "grants": {"count": 3}}
    e3, people, run = await mistake(office, limits=limits)
    tight = {"revokes": {"percent": 100}, "grants": {"count": 2}}
    stored = await office.bundles.get("e3")
    assert stored is not None
    bundle = Bundle.model_validate(stored.bundle.model_dump() | {"limits": tight})
    await office.bundles.put([bundle], "tests", office.clock.now())
    office.clock.advance(300)
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.follow_hints()
    plan = (await office.jobs.plans("e3"))[0]
    assert (plan.state, plan.grants, plan.revokes) == ("held", 3, 2)
    assert office.members(e3) == set(people[3:])


async def test_no_one_protected_loses_anything_by_it(office: Office) -> None:
    e3, people, run = await mistake(office)
    await office.jobs.protect(people[4], "ada", "trial")
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.settle()
    assert office.members(e3) == {*people[:3], people[4]}


async def test_grace_does_not_delay_it(office: Office) -> None:
    e3, people, run = await mistake(office)
    stored = await office.bundles.get("e3")
    assert stored is not None
    patient = stored.bundle.model_copy(update={"grace": "14d"})
    await office.bundles.put([patient], "tests", office.clock.now())
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.settle()
    assert office.members(e3) == set(people[:3])


async def test_a_preview_writes_nothing_and_a_run_that_did_nothing_cannot_be_undone(
    office: Office,
) -> None:
    _, _, run = await mistake(office)
    told = await office.jobs.preview_undo(run)
    assert told is not None
    assert (told.undone, told.run, len(told.bundles[0].turned)) == (run, "", 5)
    assert await office.ledger.undone("e3") == {}
    assert await office.jobs.preview_undo("nothing") is None
    assert await office.jobs.undo("nothing", "ada", "no", "u1") is None


async def test_a_run_of_which_nothing_stands_is_shown_and_not_undone(office: Office) -> None:
    e3, people, run = await mistake(office)
    await policy(office, e3, SALES)
    await office.settle()
    told = await office.jobs.preview_undo(run)
    assert told is not None
    (undoing,) = told.bundles
    assert (undoing.turned, set(undoing.decided_since)) == ((), set(people))
    assert set(told.names) == set(people)
    with pytest.raises(Held, match="something newer was decided about everyone"):
        await office.jobs.undo(run, "ada", "no", "u1")


async def test_why_an_undoing_was_ended_is_in_the_history(office: Office) -> None:
    _, people, run = await mistake(office)
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.jobs.end_undoing(run, "ben", "They do need it.", "u2")
    history = await office.jobs.history("e3", people[0])
    assert (history.lines[-1].by, history.lines[-1].detail) == (
        "ben",
        "No longer undone, says ben. They do need it.",
    )


async def test_explanation_and_history_say_that_a_run_was_undone(office: Office) -> None:
    e3, people, run = await mistake(office)
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    told = await office.jobs.explain(people[0])
    assert told is not None
    assert "was undone by ada" in told.bundles[0].why
    assert told.bundles[0].entitled
    entries = [read(sealed) async for sealed in office.ledger.entries(e3.id)]
    lines = [line for entry in entries if entry.by == "ada" for line in entry.lines]
    assert {line.person for line in lines} == set(people)
    assert {line.state for line in lines} == {"undone"}


async def test_an_undoing_that_crashed_half_way_is_done_again(office: Office) -> None:
    e3, people, run = await mistake(office)
    for call in ("note", "undo", "keep_head"):
        office.ledger.fail_next(call)
        with pytest.raises(Crash, match=call):
            await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.jobs.undo(run, "ada", "wrong department", "u1")
    await office.settle()
    assert office.members(e3) == set(people[:3])
    assert (await office.row(e3, people[0])).state is State.CONFIRMED


async def stepped_up(office: Office) -> tuple[Bundle, Bundle, str, str, str]:
    """Let Ada step up from E3 to E5; return the run that gave her one, and that took the other."""
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    e5 = await office.offer("e5", supersedes=["e3"])
    runs = []
    for _ in range(2):
        office.clock.advance(300)
        runs.append((await office.run()).id)
        await office.deliver_all()
        await office.jobs.confirm()
    assert not office.members(e3)
    assert office.members(e5) == {ada}
    return e3, e5, ada, runs[0], runs[1]


async def why(office: Office, person: str, bundle: str) -> tuple[bool, str]:
    told = await office.jobs.explain(person, bundle)
    assert told is not None
    (standing,) = told.bundles
    return standing.entitled, standing.why


async def test_why_is_told_truly_while_and_after_a_step_up_is_undone(office: Office) -> None:
    e3, e5, ada, given, _ = await stepped_up(office)
    superseded = (
        False,
        'superseded by e5, which is active (meets the rule: user.department -eq "Sales")',
    )
    assert await why(office, ada, "e3") == superseded
    office.clock.advance(300)
    await office.jobs.undo(given, "ada", "too dear", "u1")
    for _ in range(2):
        assert await why(office, ada, "e5") == (False, f"run {given} was undone by ada: too dear")
        assert await why(office, ada, "e3") == (True, 'meets the rule: user.department -eq "Sales"')
        await office.settle()
    assert not office.members(e5)
    assert office.members(e3) == {ada}
    await office.jobs.end_undoing(given, "ada", "it is not", "end")
    assert (await why(office, ada, "e5"))[0]
    await office.settle()
    assert await why(office, ada, "e3") == superseded


async def test_why_is_told_truly_when_what_a_step_up_took_is_given_back(office: Office) -> None:
    e3, e5, ada, _, taken = await stepped_up(office)
    office.clock.advance(300)
    await office.jobs.undo(taken, "ada", "both", "u1")
    for _ in range(2):
        assert await why(office, ada, "e3") == (True, f"run {taken} was undone by ada: both")
        assert (await why(office, ada, "e5"))[0]
        await office.settle()
    assert {ada} == office.members(e3) == office.members(e5)


async def test_an_undoing_outlasts_another_name_of_what_it_rests_on(office: Office) -> None:
    e3, e5, ada, _, taken = await stepped_up(office)
    office.clock.advance(300)
    await office.jobs.undo(taken, "ada", "both", "u1")
    await office.settle()
    await office.put(e5, name="E5 for all")
    await office.settle()
    assert ada in office.members(e3)


async def test_an_undoing_outlasts_another_name_of_a_group_that_excludes(office: Office) -> None:
    team = office.tenant.add_group("Team")
    e3 = await office.offer("e3", policy={**SALES, "excluded": {"groups": [team]}})
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.join(team, ada)
    office.clock.advance(300)
    run = (await office.run()).id
    await office.deliver_all()
    assert ada not in office.members(e3)
    office.clock.advance(300)
    await office.jobs.undo(run, "ada", "by mistake", "u1")
    await office.settle()
    office.tenant.change_group(team, name="The same team")
    await office.settle()
    assert ada in office.members(e3)


async def test_an_undoing_from_before_this_version_goes_on(office: Office) -> None:
    e3, e5, ada, _, taken = await stepped_up(office)
    office.clock.advance(300)
    await office.jobs.undo(taken, "ada", "both", "u1")
    await office.settle()
    (undone,) = (await office.ledger.undone("e3")).values()
    said = "enabled, not excluded: superseded by e5, which is active"
    await office.ledger.undo("e3", [replace(undone, basis=said)], ())
    await office.settle()
    await office.put(e5, name="E5 for all")
    await office.settle()
    assert ada in office.members(e3)


async def test_an_inventory_from_before_does_not_end_an_undoing(office: Office) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.clock.advance(600)
    await office.jobs.inventory()
    office.clock.advance(10)
    office.tenant.move(ada, department="IT")
    await office.hint(ada)
    assert ada not in office.members(e3)
    (entry,) = [read(one) async for one in office.ledger.entries("e3")][-1:]
    office.clock.advance(10)
    await office.jobs.undo(entry.run, "ada", "she keeps it", "u1")
    await office.jobs.compile("timer")  # before the run that was asked for
    assert await office.ledger.undone("e3")
    await office.settle()
    assert ada in office.members(e3)
