"""Parts that are put together say the same of the same people."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.warehouse.columns import Columns
from adapters.warehouse.packing import packed, worth_packing
from adapters.warehouse.parts import ROWS, Part, PeopleLog
from domain.inventory.people import Person
from domain.ports import PeoplePage


def part(*rows: int) -> Part:
    log = PeopleLog()
    log.add(PeoplePage.of([Person(f"{row}", {"city": f"City {row}"}) for row in rows]))
    return log.part()


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.data())
def test_whoever_has_a_row_has_the_same_one_afterwards(
    sizes: list[int], data: st.DataObject
) -> None:
    parts = [part(*range(100 * n, 100 * n + size)) for n, size in enumerate(sizes)]
    living = data.draw(st.permutations(range(sum(sizes)))) if sum(sizes) else []
    living = living[: data.draw(st.integers(0, len(living)))]
    order = np.array(living, np.int32)

    new, places = packed(parts, order)

    before, after = Columns(parts, order)["city"], Columns(new, places)["city"]
    assert [before[row] for row in range(len(order))] == [after[row] for row in range(len(order))]
    assert sum(each.rows for each in new) == len(order)


def test_large_parts_stay_as_they_are() -> None:
    large, small = part(*range(ROWS // 2)), part(7)
    order = np.array([*range(ROWS // 2 - 1), ROWS // 2], np.int32)
    new, places = packed((large, small), order)
    assert new[0] is large
    assert [each.rows for each in new] == [ROWS // 2, 1]
    assert places.tolist() == order.tolist()


def test_a_few_parts_of_a_few_rows_wait() -> None:
    few = part(1)
    assert not worth_packing(1_000_000, [few] * 24)
    assert worth_packing(1_000_000, [few] * 25)
    assert worth_packing(1_000, [part(*range(2_001))])
