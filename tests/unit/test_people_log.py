"""Pages come as arrow's columns or as Python's objects, mixed: the part is the same."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.arrow_cells import ArrowCells
from adapters.warehouse.parts import PeopleLog, held
from domain.attributes import Kind, kind_of
from domain.inventory.people import Person, ServicePlan
from domain.ports import PeoplePage

ALSO = ("assignedPlans", "employeeType")
TYPES = {Kind.FLAG: pa.bool_(), Kind.TEXTS: pa.list_(pa.string())}

ids = st.sampled_from("abcdef")
some = st.lists(st.sampled_from(["", "x", "y"]), max_size=2).map(tuple)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "department": st.sampled_from([None, "", "IT"]),
        "accountEnabled": st.sampled_from([None, True, False]),
        "otherMails": some,
        "employeeType": st.sampled_from([None, "Intern"]),
        "assignedPlans": st.lists(st.just(ServicePlan("p", "", "x")), max_size=1).map(tuple),
    },
)
persons = st.builds(Person, ids, attributes, some.map(lambda skus: tuple(filter(None, skus))))
pages = st.builds(
    PeoplePage.of,
    st.lists(persons, max_size=3, unique_by=lambda person: person.id).map(tuple),
    st.lists(ids, max_size=2, unique=True).map(tuple),
)


def by_arrow(page: PeoplePage) -> PeoplePage:
    """Return the page as it is read by arrow, but for what arrow does not read."""
    cells: dict[str, Any] = {
        name: ArrowCells(pa.array(cells, TYPES.get(kind_of(name), pa.string())))
        if kind_of(name) is not Kind.PLANS
        else cells
        for name, cells in page.cells.items()
    }
    held: Any = ArrowCells(pa.array(page.products, pa.list_(pa.string())))
    return replace(page, cells=cells, products=held)


def rows(pages: Sequence[PeoplePage]) -> list[dict[str, Any]]:
    log = PeopleLog(ALSO)
    for page in pages:
        log.add(page)
    found: list[dict[str, Any]] = log.part().table().to_pylist()
    return found


def plainly(pages: Sequence[PeoplePage]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for page in pages:
        found += [(person.id, False, tuple(person.products)) for person in page.people()]
        found += [(gone, True, ()) for gone in page.gone]
    return found


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(pages, st.booleans()), max_size=4))
def test_a_part_says_the_same_however_its_pages_came(
    told: Sequence[tuple[PeoplePage, bool]],
) -> None:
    expected = [page for page, _ in told]
    found = rows([by_arrow(page) if arrow else page for page, arrow in told])

    assert found == rows(expected)
    mine = [
        (row["@id"].rstrip(b"\0").decode(), row["@gone"], tuple(held(row["@products"] or "")))
        for row in found
    ]
    assert [(id, gone, tuple(filter(None, skus))) for id, gone, skus in mine] == plainly(expected)


def test_a_text_of_each_kind_is_where_it_belongs() -> None:
    ada = Person("ada", {"department": "IT", "otherMails": ("a", "b")}, ("e3", "e5"))
    eve = Person("eve", {"department": None, "otherMails": ()}, ())
    page = by_arrow(PeoplePage.of((ada, eve), ("ben",)))
    found = rows([page, by_arrow(PeoplePage.of((), ("eve",)))])
    told = [(row["department"], row["otherMails"], row["@products"]) for row in found]
    assert told == [("IT", "a\x1eb", "e3\x1ee5"), *[(None, None, None)] * 3]
    assert [row["@gone"] for row in found] == [False, False, True, True]
