"""License assignments of people, then of groups (docs: user-list, group-list).

Everyone is read: who was given a license that then failed holds none, and is in no list of those
who do. Graph's delta tells nothing of these states, so the whole is read every time: a page of 999
people costs one resource unit.
"""

from collections.abc import AsyncIterator, Mapping

from adapters.graph.paging import Json
from adapters.graph.products import read_products
from adapters.sources.reach import Reach, moment
from adapters.sources.stages import Stage, read
from domain.errors import Later
from domain.kinds.assignments import GROUP, KIND, PERSON, Assignment
from domain.ports import FactsPage

_PEOPLE = "/users?$select=id,licenseAssignmentStates&$top=999"
_GROUPS = "/groups?$select=id,assignedLicenses&$top=999"


async def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the people's licenses, then the groups'."""
    of_people, of_groups, _ = KIND.permissions
    products = await read_products(reach.graph)
    plans = _Plans({sku: tuple(product.plans) for sku, product in products.items()})
    stages = [
        Stage(_PEOPLE, of_people, lambda item: _of_person(item, plans)),
        Stage(_GROUPS, of_groups, lambda item: _of_group(item, plans)),
    ]
    async for page in read(reach.graph, stages, link):
        yield page


class _Plans:
    """Which service plans are on, by product and those that are off; few combinations exist."""

    def __init__(self, plans: Mapping[str, tuple[str, ...]]) -> None:
        self._plans = plans
        self._known: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def on(self, sku: str, off: tuple[str, ...]) -> tuple[str, ...]:
        """Return the product's other plans; of one that the tenant no longer has, none is known."""
        if (sku, off) not in self._known:
            without = frozenset(off)
            plans = self._plans.get(sku, ())
            self._known[sku, off] = tuple(plan for plan in plans if plan not in without)
        return self._known[sku, off]


def _of_person(user: Json, plans: _Plans) -> list[Assignment]:
    states = user.get("licenseAssignmentStates")
    if states is None:
        raise Later("Graph listed a person without her license states.", 60.0)
    return [_assignment(user["id"], state, plans) for state in states]


def _assignment(person: str, state: Json, plans: _Plans) -> Assignment:
    off = tuple(state.get("disabledPlans") or ())
    error = state.get("error")
    return Assignment(
        holder=person,
        type=PERSON,
        sku=state["skuId"],
        group=state.get("assignedByGroup"),
        state=state.get("state"),
        error=None if error == "None" else error or None,
        enabled=plans.on(state["skuId"], off),
        disabled=off,
        updated=moment(state.get("lastUpdatedDateTime")),
    )


def _of_group(group: Json, plans: _Plans) -> list[Assignment]:
    rows = []
    for one in group.get("assignedLicenses") or ():
        off = tuple(one.get("disabledPlans") or ())
        on = plans.on(one["skuId"], off)
        rows.append(Assignment(group["id"], GROUP, one["skuId"], None, None, None, on, off, None))
    return rows
