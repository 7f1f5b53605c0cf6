"""Whatever the order of messages, crashes and moves, things end where once in order would.

Hypothesis plays schedules on the fakes: people move, runs compile, messages are delivered in any
order, twice, late or never, and the process dies before or after any step. Meanwhile licenses fail,
seats come and go, somebody works by hand, and operators pause, protect, release, replay and undo.
At the end everything is allowed to settle, and then membership is exactly what policy says and
every row has ended. `HYPOTHESIS_PROFILE=hunt` tries many more.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.unit.machine.peace import Peace

HUNTING = not settings().derandomize

Peace.TestCase.settings = settings(
    max_examples=1_500 if HUNTING else 100,
    stateful_step_count=50 if HUNTING else 40,
    deadline=None,
    phases=list(Phase) if HUNTING else [Phase.generate],  # making one shorter takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
TestSchedules = Peace.TestCase
pytestmark = pytest.mark.timeout(3_600 if HUNTING else 400)
