"""Promises over time: compile after compile, while plans are carried out in part and in any order.

The tenant is played by hand: a change is decided, some time later written to the target, and some
time after that Entra's licenses follow. Only then is it closed in the ledger.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.change import Action
from domain.ledger import Row
from domain.plan import Plan, PlanState
from tests.unit.sketches import (
    Offer,
    Role,
    Sketch,
    Stage,
    better,
    entitled,
    is_dry,
    members,
    row_of,
    sketches,
    who,
)
from tests.unit.worlds import NOW, revoked

STEP = timedelta(minutes=10)

type Choose = Callable[[list[tuple[str, int]]], Iterable[tuple[str, int]]]
"""Which of some changes, by bundle and person, get on now."""


@dataclass
class Play:
    """A tenant in motion."""

    sketch: Sketch
    now: datetime = NOW
    licenses: set[tuple[int, str]] = field(default_factory=set)
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    flight: dict[tuple[str, int], Action] = field(default_factory=dict)
    written: set[tuple[str, int]] = field(default_factory=set)
    bought: dict[str, int] = field(default_factory=dict)
    """Seats of each product, or as many as were in use from the beginning."""

    def __post_init__(self) -> None:
        for one in self.sketch.offers:
            self.licenses |= {(n, one.id) for n in members(one)}
            past = {who(n): row_of(one.id, n, Action.GRANT, NOW - STEP * 10) for n in members(one)}
            self.rows[one.id] = past
        for sku, seats in self.sketch.seats.items():
            self.bought[sku] = max(seats, len(self._holders(sku)))

    def stage(self) -> Stage:
        offers = []
        for one in self.sketch.offers:
            moving = {n: action for (id, n), action in self.flight.items() if id == one.id}
            offers.append(replace(one, moving=moving, ours=frozenset(), waited=frozenset()))
        told = replace(self.sketch, offers=tuple(offers))
        return Stage(told, now=self.now, licenses=self.licenses, rows=self.rows)

    def compile(self) -> dict[str, Plan]:
        """Compile, and put on their way the plans that are sent."""
        self.now += STEP
        plans = self.stage().compiled()
        numbers = {who(n): n for n in range(self.sketch.people)}
        for id, plan in plans.items():
            for change in plan.changes if plan.state is PlanState.SENT else ():
                key = id, numbers[change.person]
                self.flight[key] = change.action
                self.written.discard(key)
        return plans

    def write(self, choose: Choose) -> None:
        """Let some of the changes reach their targets."""
        for id, n in choose(sorted(self.flight.keys() - self.written)):
            self.written.add((id, n))
            self._member(id, n, inside=self.flight[id, n] is Action.GRANT)

    def license(self, choose: Choose) -> None:
        """Let the licenses of some follow; no seat may be lacking then."""
        for id, n in choose(sorted(self.written & self.flight.keys())):
            action = self.flight.pop((id, n))
            if action is Action.GRANT:
                self._check_seats(id, n)
                self.licenses.add((n, id))
            else:
                self.licenses.discard((n, id))
            self.rows[id][who(n)] = row_of(id, n, action, self.now)

    def move(self, id: str, n: int) -> None:
        """Let policy change its mind about a person."""
        one = self.sketch.offer(id)
        role = Role((not one.roles[n].entitled, one.roles[n].member))
        self._put(id, n, role)

    def _check_seats(self, id: str, n: int) -> None:
        for sku in self.sketch.offer(id).products:
            assert len(self._holders(sku) | {n}) <= self.bought[sku], "oversold"

    def _holders(self, sku: str) -> set[int]:
        stage = self.stage()
        return {n for n in range(self.sketch.people) if sku in stage.holding(n)}

    def _member(self, id: str, n: int, *, inside: bool) -> None:
        self._put(id, n, Role((self.sketch.offer(id).roles[n].entitled, inside)))

    def _put(self, id: str, n: int, role: Role) -> None:
        one = self.sketch.offer(id)
        roles = (*one.roles[:n], role, *one.roles[n + 1 :])
        offers = tuple(
            replace(each, roles=roles) if each.id == id else each for each in self.sketch.offers
        )
        self.sketch = replace(self.sketch, offers=offers)


def everything(changes: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return changes


def some(data: st.DataObject) -> Choose:
    def choose(changes: list[tuple[str, int]]) -> list[tuple[str, int]]:
        if not changes:
            return []
        return data.draw(st.lists(st.sampled_from(changes), unique=True))

    return choose


def superseded(stage: Stage, one: Offer, n: int) -> bool:
    """Tell whether a person holds, and is entitled to, a live bundle better than this one."""
    for id in better(stage.sketch, one.id):
        other = stage.sketch.offer(id)
        holds = set(other.products) <= stage.holding(n) and n in members(other)
        if holds and n in entitled(other) and not is_dry(stage.sketch, other):
            return True
    return False


def check_make_before_break(stage: Stage, plans: dict[str, Plan]) -> None:
    """Whoever loses a bundle keeps each product of it that another bundle is to give her, and has
    each better or lesser bundle that is for her, unless she lacks what that one needs."""
    sketch = stage.sketch
    losing = {
        (id, n)
        for id, plan in plans.items()
        for n in range(sketch.people)
        if plan.state is PlanState.SENT and who(n) in revoked(plan)
    }
    for id, n in losing:
        wanted = [one for one in sketch.offers if one.id != id and is_for(stage, one, n)]
        kept = [one for one in sketch.offers if (one.id, n) not in losing and has(stage, one, n)]
        for one in wanted:
            for sku in set(sketch.offer(id).products) & set(one.products):
                assert any(sku in other.products for other in kept)
            if one.id in better(sketch, id) or id in better(sketch, one.id):
                assert one in kept


def is_for(stage: Stage, one: Offer, n: int) -> bool:
    """Tell whether a live bundle is to be a person's, and nothing she lacks keeps it from her."""
    if is_dry(stage.sketch, one) or n not in entitled(one):
        return False
    return served(stage, one, n) and not superseded(stage, one, n)


def has(stage: Stage, one: Offer, n: int) -> bool:
    return n in members(one) and stage.active(n, one)


@settings(max_examples=40, deadline=None)
@given(sketches(calm=True, sound=True), st.data())
def test_nobody_loses_a_product_before_the_bundle_that_is_to_give_it_is_active(
    sketch: Sketch, data: st.DataObject
) -> None:
    """Nor is a seat ever lacking when a license follows, however scarce they are."""
    play = Play(sketch)
    ids = [one.id for one in sketch.offers]
    for _ in range(6):
        for _ in range(data.draw(st.integers(0, 2), label="moves")):
            play.move(data.draw(st.sampled_from(ids)), data.draw(st.integers(0, sketch.people - 1)))
        play.now += STEP
        stage = play.stage()
        check_make_before_break(stage, stage.compiled())
        play.compile()
        play.write(some(data))
        play.license(some(data))


@settings(max_examples=40, deadline=None)
@given(sketches(calm=True, sound=True, plenty=True), st.data())
def test_plans_carried_out_come_to_what_policy_says_and_stay_there(
    sketch: Sketch, data: st.DataObject
) -> None:
    play = Play(sketch)
    for _ in range(2):
        play.compile()
        play.write(some(data))
        play.license(some(data))
        ids = [one.id for one in sketch.offers]
        play.move(data.draw(st.sampled_from(ids)), data.draw(st.integers(0, sketch.people - 1)))
    for _ in range(2 * len(sketch.offers) + 4):
        quiet = not play.flight
        plans = play.compile()
        if quiet and not any(plan.changes for plan in plans.values()):
            break
        play.write(everything)
        play.license(everything)
    else:
        raise AssertionError("it never comes to rest")
    _check_end(play.stage())


def _check_end(stage: Stage) -> None:
    """Everyone has what policy says, the better bundle alone, and no add-on before its base."""
    for one in stage.sketch.offers:
        for n in range(stage.sketch.people):
            wanted = n in entitled(one) and not superseded(stage, one, n)
            inside = n in members(one)
            assert inside == stage.active(n, one)
            assert wanted or not inside
            assert inside or not wanted or not served(stage, one, n)


def served(stage: Stage, one: Offer, n: int) -> bool:
    """Tell whether a person has each base of a bundle, or one that is better, and may keep it."""
    direct = {sku for number, sku in stage.sketch.direct if number == n}
    return all(
        any(
            (has(stage, other, n) and n in entitled(other)) or set(other.products) <= direct
            for other in map(stage.sketch.offer, {base, *better(stage.sketch, base)})
        )
        for base in one.requires
    )


@settings(max_examples=40, deadline=None)
@given(sketches(), st.data())
def test_a_close_up_decides_nothing_that_the_whole_would_reverse_at_once(
    sketch: Sketch, data: st.DataObject
) -> None:
    play = Play(sketch)
    shown = sorted(data.draw(st.sets(st.integers(0, sketch.people - 1), min_size=1)))
    stage = replace(play.stage(), whole=False, shown=shown)
    numbers = {who(n): n for n in shown}
    decided: dict[tuple[str, int], Action] = {}
    for id, plan in stage.compiled().items():
        for change in plan.changes if plan.state is PlanState.SENT else ():
            decided[id, numbers[change.person]] = change.action
    play.flight |= decided
    play.write(everything)
    play.license(everything)
    plans = play.compile()
    for (id, n), action in decided.items():
        contrary = [each for each in plans[id].changes if each.person == who(n)]
        assert not [each for each in contrary if each.action is not action]
