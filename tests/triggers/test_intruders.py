"""Calls of the webhooks by somebody who is not Graph change nothing, and cost little.

`python -m tests.triggers.fuzz` makes as many of them as one likes.
"""

from random import Random

import pytest

from local.host.in_process import Worker
from tests.triggers.fuzz import Fuzz
from tests.triggers.intruders import Intruders
from tests.unit.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLS = 2_000


async def test_thousands_of_calls_of_every_kind_change_nothing(
    worker: Worker, office: Office
) -> None:
    intruders = await Intruders.at(office, Random(7))
    fuzz = Fuzz(worker, office, intruders)
    for kind in intruders.kinds:
        await fuzz.call(kind)
    while len(fuzz.seconds) < CALLS:
        await fuzz.call()
    assert {kind for kind, _ in fuzz.answers} == set(intruders.kinds)
