"""The chain finds any change to the history, and the history tells who held what and why."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit import MOST_BREAKS, Noted, read_noted, verify
from domain.chain import LONGEST, Entry, Kind, Line, LineState, Sealed, Tail, hash_of, read, seal
from domain.change import Action, Change
from domain.decision.paging import row_of
from domain.errors import Never
from domain.ledger import Page, State
from domain.past import held_on, told
from tests.fakes.ledger import FakeLedger

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PEOPLE = ["ada", "bob", "carl", "dana"]
ENDS = [State.CONFIRMED, State.REFUSED, State.FAILED, State.WAITING]

some = st.sets(st.sampled_from(PEOPLE), min_size=1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.sampled_from(Action), some),
        st.tuples(st.just("apply"), st.sampled_from(PEOPLE), st.none()),
        st.tuples(st.just("end"), st.sampled_from(PEOPLE), st.sampled_from(ENDS)),
        st.tuples(st.just("see"), st.sampled_from(PEOPLE), st.booleans()),
    ),
    min_size=1,
    max_size=12,
)


@dataclass
class Played:
    """A ledger to which a list of steps happened, and who was in the target after each."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    inside: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    now: datetime = NOON

    def play(self, steps: Iterable[tuple[str, object, object]]) -> "Played":
        asyncio.run(self._play(steps))
        return self

    async def _play(self, steps: Iterable[tuple[str, object, object]]) -> None:
        inside: set[str] = set()
        for number, (what, one, more) in enumerate(steps):
            self.now += timedelta(minutes=1)
            match what, one, more:
                case "decide", Action() as action, set() as people:
                    await self._decide(number, action, people)
                case "apply", str() as person, _:
                    done = await self._apply(person)
                    inside = _moved(inside, person, done)
                case "end", str() as person, State() as state:
                    await self._end(person, state)
                case "see", str() as person, bool() as joins:
                    await self._see(person, joins)
                    inside = _moved(inside, person, Action.GRANT if joins else Action.REVOKE)
            self.inside.append((self.now, frozenset(inside)))

    async def _decide(self, number: int, action: Action, people: set[str]) -> None:
        standing = await self.ledger.standing("e5")
        changes = tuple(Change(action, person, f"Step {number}.") for person in sorted(people))
        page = Page(
            f"e5.{number}", "e5", "group", number, "plan", f"run-{number}", changes,
            NOON, self.now, self.now,
        )  # fmt: skip
        older = [
            one.end(people)
            for one in standing.pages
            if not people.isdisjoint(change.person for change in one.open())
        ]
        head = standing.head.after(0, 0, self.now)
        await self.ledger.decide(head, page, older, f"message-{number}")

    async def _apply(self, person: str) -> Action | None:
        for page in (await self.ledger.standing("e5")).pages:
            for change in page.pending():
                if change.person == person:
                    await self.ledger.record(page.apply([person]), [], at=self.now)
                    return change.action
        return None

    async def _end(self, person: str, state: State) -> None:
        for page in (await self.ledger.standing("e5")).pages:
            for change in page.unconfirmed():
                if change.person == person:
                    row = row_of(page, change, state, "Seen.", self.now)
                    await self.ledger.record(page.end([person]), [row])

    async def _see(self, person: str, joins: bool) -> None:
        line = Line(person, LineState.JOINED if joins else LineState.LEFT)
        await self.ledger.note(Entry("e5", Kind.NOTED, self.now, (line,)))

    @property
    def sealed(self) -> list[Sealed]:
        return list(self.ledger.histories.get("e5", ()))

    @property
    def tail(self) -> Tail:
        return self.ledger.tails.get("e5", Tail())

    @property
    def entries(self) -> list[Entry]:
        return [read(sealed) for sealed in self.sealed]


def _moved(inside: set[str], person: str, action: Action | None) -> set[str]:
    if action is None:
        return inside
    return inside | {person} if action is Action.GRANT else inside - {person}


def entry(*lines: Line, at: datetime = NOON, by: str = "") -> Entry:
    return Entry("e5", Kind.PROGRESS, at, lines, by=by)


def chained(*entries: Entry) -> tuple[list[Sealed], Tail]:
    tail, sealed = Tail(), []
    for one in entries:
        sealed.append(seal(one, tail))
        tail = Tail(sealed[-1].number, sealed[-1].hash)
    return sealed, tail


@given(steps)
def test_whatever_happens_the_chain_is_whole(steps: list[tuple[str, object, object]]) -> None:
    played = Played().play(steps)
    assert verify("e5", played.sealed, played.tail) == ()
    assert [entry.number for entry in played.entries] == [*range(1, len(played.sealed) + 1)]


@given(steps, st.data())
def test_any_byte_changed_in_any_entry_is_found(
    steps: list[tuple[str, object, object]], data: st.DataObject
) -> None:
    played = Played().play(steps)
    sealed = played.sealed
    if not sealed:
        return
    place = data.draw(st.integers(0, len(sealed) - 1))
    one = sealed[place]
    name = data.draw(st.sampled_from(["text", "hash"]))
    value = getattr(one, name)
    at = data.draw(st.integers(0, len(value) - 1))
    bit = data.draw(st.integers(0, 6))
    changed = value[:at] + chr(ord(value[at]) ^ (1 << bit)) + value[at + 1 :]
    sealed[place] = replace(one, **{name: changed})
    assert verify("e5", sealed, played.tail)
    if name == "text":  # whoever changes a text can compute its hash, too
        sealed[place] = Sealed(one.number, changed, hash_of(changed))
        assert verify("e5", sealed, played.tail)


@given(steps, st.data())
def test_an_entry_dropped_moved_or_cut_off_is_found(
    steps: list[tuple[str, object, object]], data: st.DataObject
) -> None:
    played = Played().play(steps)
    sealed, tail = played.sealed, played.tail
    if not sealed:
        return
    place = data.draw(st.integers(0, len(sealed) - 1))
    assert verify("e5", sealed[:place] + sealed[place + 1 :], tail), "dropped"
    assert verify("e5", sealed[:place], tail), "cut off"
    assert verify("e5", [*sealed, sealed[place]], tail), "put in twice"
    assert verify("e5", sealed, Tail()), "beyond the tail"
    other = data.draw(st.integers(0, len(sealed) - 1))
    if other != place:
        swapped = list(sealed)
        swapped[place] = replace(sealed[other], number=sealed[place].number)
        swapped[other] = replace(sealed[place], number=sealed[other].number)
        assert verify("e5", swapped, tail), "swapped"


@given(steps)
def test_who_held_it_at_any_moment_is_who_was_in_the_target(
    steps: list[tuple[str, object, object]],
) -> None:
    played = Played().play(steps)
    for moment, inside in played.inside:
        assert set(held_on(played.entries, moment)) == inside
    assert held_on(played.entries, NOON) == {}


@given(steps)
def test_every_line_is_told_of_its_person_and_of_no_one_else(
    steps: list[tuple[str, object, object]],
) -> None:
    played = Played().play(steps)
    everything = list(told(played.entries))
    for person in PEOPLE:
        assert list(told(played.entries, person)) == [
            line for line in everything if line.person == person
        ]
    assert len(everything) == sum(len(entry.lines) for entry in played.entries)


lines = st.builds(
    Line, st.text(), st.text(), st.sampled_from([None, *Action]), st.text(), st.text(), st.text()
)


@given(st.lists(lines, max_size=5), st.text(), st.text())
def test_an_entry_is_read_as_it_was_sealed(said: list[Line], cause: str, by: str) -> None:
    whole = replace(entry(*said, by=by), cause=cause, generation=3, fingerprint="f1")
    sealed = seal(whole, Tail(6, "a" * 64))
    assert read(sealed) == replace(whole, number=7, before="a" * 64)


def test_a_hash_is_what_any_tool_computes_of_the_text() -> None:
    [sealed], _ = chained(entry())
    assert sealed.text == (
        '{"at":"2026-11-02T12:00:00+00:00","before":"","bundle":"e5","by":"","cause":"",'
        '"fingerprint":"","generation":0,"kind":"progress","lines":[],"number":1,"page":"",'
        '"plan":"","run":"","texts":[]}'
    )
    # printf '%s' "$text" | sha256sum
    assert sealed.hash == hash_of(sealed.text)
    assert hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_is_too_long_is_cut_until_the_entry_fits() -> None:
    said = [
        Line(str(n), LineState.FOUND, None, f"{n}".ljust(5_000, "😀"), f"{n}".ljust(5_000, '"'))
        for n in range(500)
    ]  # fmt: skip
    sealed = seal(entry(*said), Tail())
    assert len(sealed.text.encode("utf-16-le")) // 2 <= LONGEST
    found = read(sealed).lines
    assert [line.person for line in found] == [line.person for line in said]
    assert all(line.reason.endswith("…") for line in found)


def test_a_break_is_a_sentence_that_names_the_entry() -> None:
    sealed, tail = chained(*(entry(Line(who, "applied")) for who in PEOPLE))
    one, two, three, four = sealed
    changed = replace(two, text=two.text.replace("bob", "eve"))
    resealed = replace(changed, hash=hash_of(changed.text))

    assert verify("e5", [one, changed, three, four], tail) == (
        "Entry 2 was changed: its text has another hash than it.",
    )
    assert verify("e5", [one, resealed, three, four], tail) == (
        "Entry 3 does not follow entry 2 as that stands now.",
    )
    assert verify("e5", [one, four], tail) == ("Entries 2 to 3 are missing before entry 4.",)
    assert verify("e5", [one, two], tail) == (
        "Entries 3 to 4 are missing at the end: it was cut off.",
    )
    assert verify("e5", sealed, Tail(3, three.hash)) == (
        "The tail is at entry 3, and there are entries up to 4.",
    )
    assert verify("e5", sealed, Tail(4, three.hash)) == (
        "The tail has another hash than entry 4, the last one.",
    )
    assert verify("e5", [two, three, four], tail) == ("Entry 1 is missing before entry 2.",)
    assert verify("f3", [one], Tail(1, one.hash)) == ("Entry 1 says that it is entry 1 of e5.",)
    garbled = Sealed(1, "[]", hash_of("[]"))
    assert verify("e5", [garbled], Tail(1, garbled.hash)) == ("Entry 1 cannot be read.",)
    assert len(verify("e5", [one] * 500, tail)) == MOST_BREAKS + 1


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"a":1}', "[" * 100_000])
def test_what_is_no_entry_is_said_to_be_unreadable(text: str) -> None:
    with pytest.raises(Never, match="Entry 3 of the history cannot be read"):
        read(Sealed(3, text, hash_of(text)))


def test_a_rewritten_chain_is_whole_and_is_not_the_one_that_was_noted() -> None:
    sealed, _ = chained(*(entry(Line(who, "applied")) for who in PEOPLE))
    noted = read_noted(f"3:{sealed[2].hash.upper()}")
    assert noted == Noted(sealed[2].hash, 3)
    rewritten, tail = chained(*(entry(Line(who, "refused")) for who in PEOPLE))

    assert verify("e5", rewritten, tail) == ()
    [sentence] = verify("e5", rewritten, tail, noted)
    assert sentence.startswith("Entry 3 does not have the hash that was noted")
    [sentence] = verify("e5", rewritten, tail, read_noted(sealed[2].hash))
    assert sentence.startswith("No entry has the hash that was noted")

    longer, tail = chained(*(entry(Line(who, "applied")) for who in [*PEOPLE, "eve"]))
    assert verify("e5", longer, tail, noted) == ()
    assert verify("e5", longer, tail, read_noted(sealed[2].hash)) == ()


def test_a_holding_says_since_when_why_and_what_became_of_the_license() -> None:
    given_at, seen_at = NOON + timedelta(minutes=1), NOON + timedelta(minutes=9)
    grant = Line("ada", LineState.DECIDED, Action.GRANT, "Listed.")
    sealed, _ = chained(
        entry(grant),
        entry(replace(grant, state=LineState.APPLIED), at=given_at),
        entry(replace(grant, state=LineState.FAILED, detail="No location."), at=seen_at),
        entry(Line("bob", LineState.FOUND), at=seen_at, by="Zoë"),
    )
    entries = [read(one) for one in sealed]

    assert held_on(entries, NOON) == {}, "decided is not held"
    [ada] = held_on(entries, given_at).values()
    assert (ada.since, ada.number, ada.reason, ada.state) == (given_at, 2, "Listed.", "applied")
    ada, bob = held_on(entries, seen_at).values()
    assert (ada.since, ada.state, ada.detail) == (given_at, "failed", "No location.")
    assert (bob.state, bob.by) == ("found", "Zoë")


def test_the_order_is_that_of_the_numbers_whatever_the_clocks_said() -> None:
    grant = Line("ada", LineState.APPLIED, Action.GRANT)
    revoke = replace(grant, action=Action.REVOKE)
    sealed, _ = chained(entry(grant, at=NOON + timedelta(seconds=2)), entry(revoke, at=NOON))
    entries = [read(one) for one in sealed]

    assert set(held_on(entries, NOON + timedelta(minutes=1))) == set()
