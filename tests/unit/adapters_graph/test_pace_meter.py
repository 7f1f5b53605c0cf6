"""The meter: room is set aside in order, urgent work first, and Graph's answers are believed."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.graph.pace.batches import AGAIN_AFTER, BatchSize
from adapters.graph.pace.lessons import Lesson, learn, lesson_of
from adapters.graph.pace.level import DAY, Belief, Level, aged
from adapters.graph.pace.meter import HORIZON, Away, Piece, reserve, reserve_urgent
from adapters.graph.pace.quota import Cost, Quota, cost_of_changes, cost_of_request
from adapters.graph.reply import Reply

QUOTA = Quota()
PAGE = cost_of_changes(0, 80)
SURE = Level(belief=Belief.LIKELY)
OK, THROTTLED = 204, 429


def moment(piece: Piece | Away) -> float:
    assert isinstance(piece, Piece)
    return piece.start + piece.size / QUOTA.rate


def reply(status: int = OK, **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()})


def told(share: float, status: int = OK) -> Reply:
    return reply(status, x_ms_throttle_limit_percentage=f"{share:.2f}")


def test_a_page_of_grants_costs_four_writes_or_twenty_eight() -> None:
    assert cost_of_changes(0, 80) == Cost(4, 28)
    assert cost_of_changes(20, 0) == Cost(20, 20)
    assert cost_of_changes(3, 41) == Cost(3 + 3, 3 + 7 + 7 + 1)


def test_reading_costs_no_writes_and_a_batch_costs_what_is_in_it() -> None:
    bind = {"members@odata.bind": ["a", "b", "c", "d"]}
    patch = {"method": "PATCH", "url": "/groups/1", "body": bind}
    read = {"method": "GET", "url": "/users/1"}
    removal = {"method": "DELETE", "url": "/groups/1/members/2/$ref"}
    batch = {"requests": [patch, read, removal]}
    assert cost_of_request("POST", "/$batch", batch) == Cost(2, 3)
    assert cost_of_request("POST", "/directoryObjects/getByIds?$select=id", {}) == Cost()


def test_while_there_is_room_nobody_waits() -> None:
    level = Level()
    for _ in range(100):
        level, piece = reserve(level, QUOTA, PAGE, 0.0)
        assert moment(piece) <= 0


def test_who_must_wait_gets_a_moment_of_her_own() -> None:
    level = Level(line=QUOTA.bulk, belief=Belief.LIKELY)
    moments = []
    for _ in range(10):
        level, piece = reserve(level, QUOTA, PAGE, 0.0)
        moments.append(moment(piece))
    assert moments == pytest.approx([PAGE.dear / QUOTA.rate * (n + 1) for n in range(10)])


def test_what_lies_beyond_the_horizon_comes_back_without_a_reservation() -> None:
    beyond = QUOTA.bulk + HORIZON * QUOTA.limit
    level, answer = reserve(Level(line=beyond, belief=Belief.LIKELY), QUOTA, PAGE, 0.0)
    assert isinstance(answer, Away)
    assert level.line == beyond
    _, later = reserve(level, QUOTA, PAGE, 0.0)
    assert isinstance(later, Away)
    assert later.after > answer.after


def test_a_person_who_waits_never_stands_behind_reserved_bulk() -> None:
    level = Level(line=QUOTA.bulk + 0.3 * QUOTA.limit, belief=Belief.LIKELY)
    level, piece = reserve_urgent(level, QUOTA, Cost(1, 1), 0.0)
    assert moment(piece) <= 0
    assert level.used(QUOTA) == QUOTA.bulk + 1


def test_urgent_work_delays_bulk_that_comes_after_it() -> None:
    full = Level(line=QUOTA.bulk, belief=Belief.LIKELY)
    before, _ = reserve_urgent(full, QUOTA, Cost(60, 60), 0.0)
    _, piece = reserve(before, QUOTA, PAGE, 0.0)
    assert moment(piece) == pytest.approx((60 + PAGE.dear) / QUOTA.rate)


def test_while_graph_asked_to_wait_nothing_passes_and_after_that_one_by_one() -> None:
    level = learn(Level(), QUOTA, lesson_of([(PAGE, _refusal("20"))]), 0.0)
    level, first = reserve(level, QUOTA, Cost(5, 5), 0.0)
    _, second = reserve(level, QUOTA, Cost(5, 5), 0.0)
    assert 20 < moment(first) < moment(second)


def test_an_answer_without_a_share_refutes_the_dear_cost() -> None:
    level = Level(line=2_700, line_if_cheap=500, dear=2_700, cheap=500)
    level = learn(level, QUOTA, lesson_of([(PAGE, reply())]), 0.0)
    assert level.belief is Belief.CHEAP
    assert level.line == 500


def test_where_little_is_used_an_answer_without_a_share_says_nothing() -> None:
    level = Level(line=2_400, dear=2_400, cheap=400)
    assert learn(level, QUOTA, lesson_of([(PAGE, reply())]), 0.0).belief is Belief.UNKNOWN


def test_a_share_that_only_the_dear_cost_explains_speaks_for_it() -> None:
    level = Level(line=2_600, dear=2_550, cheap=500)
    assert learn(level, QUOTA, lesson_of([(PAGE, told(0.86))]), 0.0).belief is Belief.LIKELY


def test_a_refusal_the_cheap_cost_does_not_explain_refutes_it_for_a_day() -> None:
    level = Level(line=1_000, dear=3_100, cheap=900, belief=Belief.CHEAP)
    level = learn(level, QUOTA, lesson_of([(PAGE, _refusal("5"))]), 0.0)
    assert level.belief is Belief.DEAR
    quiet = learn(level, QUOTA, lesson_of([(PAGE, reply())]), 60.0)
    assert quiet.belief is Belief.DEAR
    assert aged(quiet, QUOTA, DAY + 1).belief is Belief.UNKNOWN


def test_what_others_use_is_made_room_for_once() -> None:
    level = Level(line=1_000, dear=1_000, cheap=1_000)
    lesson = lesson_of([(Cost(1, 1), told(0.9))])
    once = learn(level, QUOTA, lesson, 0.0)
    again = learn(once, QUOTA, lesson, 0.0)
    assert once.used(QUOTA) == pytest.approx(0.9 * QUOTA.limit)
    assert again.line == pytest.approx(once.line)


def test_a_level_survives_being_stored() -> None:
    level = Level(at=5.0, line=7.5, belief=Belief.DEAR, believed_at=3.0)
    assert Level.of(level.values()) == level
    assert Level.of({}) == Level()


costs = st.tuples(st.integers(0, 20), st.integers(0, 80)).map(lambda n: cost_of_changes(*n))
steps = st.lists(st.tuples(costs, st.floats(0, 20), st.booleans()), max_size=200)


@settings(max_examples=150)
@given(steps)
def test_no_order_of_reservations_fills_the_bucket_above_its_limit(
    steps: list[tuple[Cost, float, bool]],
) -> None:
    level, now, uses = SURE, 0.0, []
    for cost, pause, urgent in steps:
        now += pause
        if not urgent:
            level, answer = reserve(level, QUOTA, cost, now)
        else:
            level, answer = reserve_urgent(level, QUOTA, cost, now)
        if isinstance(answer, Piece):
            uses.append((max(now, moment(answer)), cost.dear))
    used, at = 0.0, 0.0
    for when, amount in sorted(uses):
        used = max(0.0, used - (when - at) * QUOTA.rate) + amount
        at = when
        assert used <= QUOTA.limit + 1e-6


def test_a_batch_is_halved_when_graph_chokes_and_grows_again_slowly() -> None:
    size = BatchSize(5)
    sizes = []
    for _ in range(4):
        size.choked()
        sizes.append(size.now)
    assert sizes == [2, 1, 1, 1]
    for _ in range(4 * AGAIN_AFTER):
        size.went_well()
    assert size.now == 5
    size.went_well()
    assert size.now == 5


def test_what_graph_could_not_do_is_not_counted_as_done() -> None:
    lesson = lesson_of([(PAGE, reply(503)), (Cost(1, 1), reply())])
    assert lesson == Lesson(done=Cost(1, 1), least=0.8)


def _refusal(after: str) -> Reply:
    return reply(THROTTLED, retry_after=after, x_ms_throttle_information="WriteLimitExceeded")


def test_moments_are_numbers() -> None:
    assert math.isfinite(moment(reserve(Level(), QUOTA, Cost(10_000, 10_000), 0.0)[1]))
