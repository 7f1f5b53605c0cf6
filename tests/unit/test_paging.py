"""Pages carry every change of a plan once, revokes first, and fit one batch each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.change import Action, Change
from domain.decision.paging import SIZES, open_rows, pages_of
from domain.errors import Never
from domain.ledger import State
from domain.message import hint_message, page_message, read_hint, read_page_message
from domain.plan import Plan
from domain.ports import Hint
from tests.unit.worlds import NOW, guid


def plan(revokes: int, grants: int) -> Plan:
    changes = [Change(Action.REVOKE, f"r{n}", "left") for n in range(revokes)]
    changes += [Change(Action.GRANT, f"g{n}", "joined") for n in range(grants)]
    return Plan("e3", guid("LIC"), 0, 0, tuple(changes))


@given(st.integers(0, 70), st.integers(0, 200))
def test_every_change_travels_once_in_the_plans_order(revokes: int, grants: int) -> None:
    pages = pages_of(plan(revokes, grants), 7, "plan", "run", NOW, NOW)
    assert [c for page in pages for c in page.changes] == list(plan(revokes, grants).changes)
    assert len({page.id for page in pages}) == len(pages)
    for page in pages:
        (action,) = {change.action for change in page.changes}
        assert len(page.changes) <= SIZES[action]


def test_an_open_page_is_the_record_of_its_changes() -> None:
    (page,) = pages_of(plan(0, 3), 7, "plan", "run", NOW, NOW)
    rows = open_rows(page.apply(["g1"]).end(["g2"]))
    assert {person: row.state for person, row in rows.items()} == {
        "g0": State.DECIDED,
        "g1": State.APPLIED,
    }
    assert all(row.managed for row in rows.values()), "it may have been written already"


def test_messages_are_read_as_they_were_written() -> None:
    assert read_page_message(page_message("e3", "e3.7.0")) == ("e3", "e3.7.0")
    people = Hint(people=(guid("Ada"), guid("Ben")))
    assert read_hint(hint_message(people)) == people
    assert read_hint(hint_message(Hint(run="r1"))) == Hint(run="r1")


@pytest.mark.parametrize(
    "bad",
    [b"", b"x", b"{}", b'{"version": 2, "bundle": "b", "page": "p"}', b'{"version":1}', b"[]"],
)
def test_a_message_of_another_kind_is_refused_with_a_sentence(bad: bytes) -> None:
    with pytest.raises(Never, match="Not a fulfillment message: "):
        read_page_message(bad)


def test_a_hint_that_names_no_object_id_is_refused() -> None:
    with pytest.raises(Never, match=r"Not a recompile message: people\.0"):
        read_hint(b'{"version": 1, "people": ["../x"]}')
