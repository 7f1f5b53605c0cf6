"""What `Directory.membership_log` promises."""

from datetime import UTC, datetime

import pytest

from domain.errors import Forbidden, Later
from tests.contract.graph.conftest import OpenWorld
from tests.fakes.tenant import FakeTenant

EVER = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
NO_GROUP = "66666666-7777-8888-9999-000000000000"


async def test_who_changed_a_group_by_hand_is_told_oldest_first(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada, ben, boss = (tenant.add_person(name) for name in ("Ada", "Ben", "Boss"))
    group, other = tenant.add_group("Licensed", None, ada), tenant.add_group("Other")
    world = await open_world(tenant)
    await world.add_by_hand(other, ada, boss)
    await world.add_by_hand(group, ben, boss)
    await world.remove_by_hand(group, ada, boss)

    log = await world.directory.membership_log(group, EVER)

    assert [(one.person, one.added, one.by) for one in log] == [
        (ben, True, boss),
        (ada, False, boss),
    ]
    assert log[0].at <= log[1].at
    assert all(one.at.tzinfo is not None for one in log)


async def test_what_was_before_is_not_told(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    group = tenant.add_group("Licensed")
    world = await open_world(tenant)
    await world.add_by_hand(group, ada, ada)

    assert not await world.directory.membership_log(group, NEVER)
    assert not await world.directory.membership_log(NO_GROUP, EVER)
    assert not await world.directory.membership_log("no id' or 1 eq 1", EVER)


async def test_a_log_that_cannot_be_read_is_not_empty(open_world: OpenWorld) -> None:
    world = await open_world(FakeTenant())

    await world.throttle_next("membership_log", after=7)
    with pytest.raises(Later) as error:
        await world.directory.membership_log(NO_GROUP, EVER)
    assert error.value.after == 7

    await world.break_next("membership_log")
    with pytest.raises(Later):
        await world.directory.membership_log(NO_GROUP, EVER)

    await world.forbid("membership_log")
    with pytest.raises(Forbidden, match=r"AuditLog\.Read\.All"):
        await world.directory.membership_log(NO_GROUP, EVER)
