"""Groups that people are in through others are read where a policy means them, and only there.

Both ways of looking at people must say the same of every policy for which either may be taken.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bundle import Bundle
from domain.decision.difference import differences_of
from domain.decision.known import Known
from domain.errors import Held
from domain.head import Head
from domain.policy import Policy
from domain.terms import Terms
from domain.watching.closeup import close_up
from tests.fakes.deltas import view
from tests.fakes.tenant import FakeTenant

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SKU = "f30db892-07e9-47e9-837c-80727f46fd3d"
NAMES = ("inner", "middle", "outer")


def group(id: str, *, nested: bool) -> dict[str, object]:
    return {"id": id, "nested": nested}


def member_of(ids: list[str]) -> str:
    return f"user.memberOf -any (group.objectId -in [{', '.join(repr(id) for id in ids)}])"


@st.composite
def policies(draw: Any, ids: dict[str, str], person: str) -> dict[str, object]:
    """Draw a policy of any kinds of sources, each entitling or excluding."""

    def part() -> dict[str, object]:
        chosen = st.lists(st.sampled_from([ids[name] for name in NAMES]), unique=True, max_size=2)
        groups = [group(id, nested=draw(st.booleans())) for id in draw(chosen)]
        named = draw(chosen)
        found: dict[str, object] = {"groups": groups}
        if named or draw(st.booleans()):
            found["rule"] = member_of(named) if named else 'user.department -eq "Sales"'
        if draw(st.booleans()):
            found["people"] = [person]
        return found

    policy = {**part(), "excluded": part()}
    return (
        policy if policy.keys() & {"rule", "people"} or policy["groups"] else {"people": [person]}
    )


@settings(max_examples=50)
@given(st.data())
def test_both_looks_decide_the_same(data: st.DataObject) -> None:
    tenant = FakeTenant()
    people = [tenant.add_person(f"P{n}", department=("Sales", "IT")[n % 2]) for n in range(6)]
    inner = tenant.add_group("inner", None, *people[:2])
    middle = tenant.add_group("middle", None, inner, people[2])
    outer = tenant.add_group("outer", None, middle, people[3])
    target = tenant.add_group("target", None, *people[1:5])
    ids = dict(zip(NAMES, (inner, middle, outer), strict=True))
    policy = Policy.model_validate(data.draw(policies(ids, people[5])))
    bundle = Bundle.model_validate(
        {
            "id": "e5",
            "name": "E5",
            "target": {"group": target},
            "products": [{"sku": SKU}],
            "policy": policy,
        }
    )

    def decided(*, nesting: bool) -> object:
        views = [view(tenant, one, frozenset(), nesting=nesting) for one in people]
        seen = close_up([v for v in views if v], tenant.groups, {}, NOON)
        known = {"e5": Known(bundle, Head("e5"))}
        found, blocked = differences_of([bundle], known, seen, Terms(), NOON)
        return [(d.joining.tolist(), d.leaving.tolist()) for d in found], blocked

    whole = decided(nesting=True)
    assert not whole[1]  # type: ignore[index]
    if policy.nested_groups():
        assert decided(nesting=False) != whole, "and it says that it does not know"
    else:
        assert decided(nesting=False) == whole


def test_who_is_inside_through_nesting_is_unknown_where_that_was_not_read() -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Group", None, ada)
    seen = view(tenant, ada, frozenset(), nesting=False)
    assert seen
    memberships = close_up([seen], tenant.groups, {}, NOON).memberships
    assert len(memberships.direct(group)) == 1
    with pytest.raises(Held, match="never read"):
        memberships.everyone(group)
