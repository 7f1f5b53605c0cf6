"""Which service plans exclude each other, and which need another."""

from hypothesis import given
from hypothesis import strategies as st

from domain.inventory.service_plans import clashes, needs
from local.tenant.products import PRODUCTS

PLANS = st.sets(
    st.sampled_from(
        ["EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_DESKLESS", "MCOIMP", "TEAMS1",
         "MCOSTANDARD", "SWAY"]
    )
)  # fmt: skip


def test_office_365_e1_and_e3_exclude_each_other() -> None:
    one, other = PRODUCTS["STANDARDPACK"].plans, PRODUCTS["ENTERPRISEPACK"].plans
    assert clashes(one, other) == [("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE")]


def test_no_product_excludes_itself_or_a_suite_that_contains_it() -> None:
    for product in PRODUCTS.values():
        assert clashes(product.plans, product.plans) == []
    assert clashes(PRODUCTS["SPE_E3"].plans, PRODUCTS["SPE_E5"].plans) == []


@given(PLANS, PLANS)
def test_clashes_are_the_same_from_either_side(one: set[str], other: set[str]) -> None:
    assert clashes(one, other) == sorted(pair[::-1] for pair in clashes(other, one))


def test_the_tenant_adds_pairs_of_its_own_whichever_way_round() -> None:
    assert clashes({"A", "C"}, {"B"}, [("B", "A")]) == [("A", "B")]
    assert clashes({"A"}, {"A"}, [("A", "A")]) == []


def test_telephony_needs_a_way_to_call_and_most_plans_need_nothing() -> None:
    assert "TEAMS1" in needs("MCOEV")
    assert needs("SWAY") == ()
