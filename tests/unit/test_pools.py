"""Seats set aside for a business unit, and the rest that everyone shares."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.plan import Plan
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from tests.unit.worlds import (
    E3,
    bundle,
    granted,
    group,
    guid,
    person,
    plans,
    product,
    snapshot,
)


def terms(seats: int, *bundles: str, overflow: bool = False) -> Terms:
    pool = {"name": "Research", "product": E3, "seats": seats, "bundles": bundles}
    return Terms(TenantPolicy.model_validate({"pools": [{**pool, "overflow": overflow}]}))


def compiled(
    seats: int,
    research: int,
    others: int,
    on: Terms,
    *,
    inside: tuple[int, int] = (0, 0),
) -> tuple[Plan, Plan]:
    """So many people want each bundle of one product, and so many of them already hold it."""
    r, o = [f"r{n}" for n in range(research)], [f"o{n}" for n in range(others)]
    held = [*r[: inside[0]], *o[: inside[1]]]
    people = [person(name, *([E3] if name in held else [])) for name in [*r, *o]]
    world = snapshot(
        people,
        {
            group("LIC-R", E3): r[: inside[0]],
            group("LIC-O", E3): o[: inside[1]],
            group("Research"): r,
            group("Others"): o,
        },
        [product(E3, seats, consumed=len(held))],
    )
    first = bundle("LIC-R", name="research", policy={"groups": [guid("Research")]})
    second = bundle("LIC-O", name="others", policy={"groups": [guid("Others")]})
    made = plans(world, first, second, terms=on)
    return made[0], made[1]


def test_no_one_else_takes_a_seat_that_is_set_aside() -> None:
    research, others = compiled(5, 0, 5, terms(3, "research"))
    assert len(granted(others)) == 2
    assert {wait.reason for wait in others.waiting} == {
        "No seat is free in SPE_E3 outside its pools."
    }
    assert not research.changes


def test_a_pool_is_a_limit_for_its_own_bundles_too() -> None:
    research, others = compiled(10, 5, 1, terms(3, "research"))
    assert len(granted(research)) == 3
    assert {wait.reason for wait in research.waiting} == {
        "No seat is free in pool Research of SPE_E3: all 3 are taken."
    }
    assert len(granted(others)) == 1


def test_a_pool_that_may_overflow_takes_from_the_rest_once_it_is_full() -> None:
    research, _ = compiled(10, 5, 1, terms(3, "research", overflow=True))
    assert len(granted(research)) == 5


def test_a_pool_promises_no_seat_the_product_does_not_have() -> None:
    research, others = compiled(2, 3, 3, terms(5, "research"))
    assert len(granted(research)) == 2
    assert not granted(others)


def test_holders_of_the_pools_bundles_fill_it() -> None:
    research, others = compiled(5, 4, 4, terms(3, "research"), inside=(2, 1))
    assert len(granted(research)) == 1
    assert len(granted(others)) == 1


def test_a_close_up_leaves_pooled_seats_to_the_next_compile_of_everything() -> None:
    world = snapshot([person("Ada")], {group("LIC-R", E3): []}, whole=False)
    only: dict[str, Any] = {"name": "research"}
    (plan,) = plans(world, bundle("LIC-R", **only), terms=terms(3, "research"))
    assert not plan.changes
    assert not plan.waiting


@given(
    seats=st.integers(0, 12),
    pool=st.integers(0, 12),
    wants=st.tuples(st.integers(0, 8), st.integers(0, 8)),
    inside=st.tuples(st.integers(0, 8), st.integers(0, 8)),
    overflow=st.booleans(),
)
def test_seats_are_filled_and_neither_the_product_nor_the_pool_is_oversold(
    seats: int, pool: int, wants: tuple[int, int], inside: tuple[int, int], overflow: bool
) -> None:
    r, o = wants
    held = min(inside[0], r), min(inside[1], o)
    on = terms(pool, "research", overflow=overflow)
    research, others = compiled(seats, r, o, on, inside=held)
    got = held[0] + len(granted(research)), held[1] + len(granted(others))
    aside = max(0, pool - got[0])
    if granted(research) or granted(others):
        assert sum(got) <= seats
    if granted(others):
        assert sum(got) + aside <= seats
    if granted(research) and not overflow:
        assert got[0] <= pool
    if research.waiting:
        shared_is_full = sum(got) + aside >= seats
        assert sum(got) >= seats or (got[0] >= pool and (not overflow or shared_is_full))
    if others.waiting:
        assert sum(got) + aside >= seats
