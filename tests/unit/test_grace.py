"""Time: grace before a revoke, requests with a beginning and an end, priority for seats."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.ledger import Leave, Wait
from domain.plan import Plan
from domain.policy import Request
from tests.unit.worlds import (
    E3,
    NOW,
    bundle,
    granted,
    group,
    guid,
    known,
    person,
    plans,
    product,
    revoked,
    snapshot,
)

ADA = guid("Ada")
SALES = {"rule": 'user.department -eq "Sales"'}


def leaver(since: datetime | None, grace: str = "14d", department: str = "IT") -> Plan:
    world = snapshot([person("Ada", E3, department=department)], {group("LIC-E3", E3): ["Ada"]})
    each = bundle("LIC-E3", name="e3", policy=SALES, grace=grace)
    lists = [Leave(ADA, since.isoformat(), "no longer entitled by the policy")] if since else []
    (plan,) = plans(world, each, facts={"e3": known(each, leaving=lists)})
    return plan


def test_a_leaver_keeps_the_bundle_during_her_grace() -> None:
    plan = leaver(None)
    assert not plan.changes
    assert plan.leaving == (
        Leave(ADA, NOW.isoformat(timespec="seconds"), "no longer entitled by the policy"),
    )


@pytest.mark.parametrize(("ago", "goes"), [(13, False), (14, True), (15, True)])
def test_the_grace_is_counted_from_the_day_she_was_first_seen_leaving(ago: int, goes: bool) -> None:
    plan = leaver(NOW - timedelta(days=ago))
    assert bool(revoked(plan)) is goes
    assert bool(plan.leaving) is not goes
    if goes:
        assert plan.changes[0].reason.endswith("the grace of 14d is over")


def test_who_is_entitled_again_is_no_longer_leaving() -> None:
    plan = leaver(NOW - timedelta(days=13), department="Sales")
    assert not plan.changes
    assert not plan.leaving


def test_without_grace_she_goes_at_once() -> None:
    assert revoked(leaver(None, grace="0h")) == {ADA}


# Requests.


def request(**fields: Any) -> Request:
    return Request.model_validate({"person": ADA, "reason": "project", **fields})


def test_a_days_request_runs_to_the_end_of_that_day() -> None:
    one = request(start="2026-11-20", until="2026-11-22")
    assert not one.runs(datetime.fromisoformat("2026-11-19T23:59:59+00:00"))
    assert one.runs(datetime.fromisoformat("2026-11-20T00:00:00+00:00"))
    assert one.runs(datetime.fromisoformat("2026-11-22T23:59:59+00:00"))
    assert not one.runs(datetime.fromisoformat("2026-11-23T00:00:00+00:00"))


def test_a_moment_is_exact() -> None:
    one = request(until="2026-11-22T09:00:00Z")
    assert one.runs(NOW - timedelta(seconds=1))
    assert not one.runs(NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"until": "2026-11-22", "start": "2026-11-23"},
        {"until": "2026-11-22T09:00:00"},
        {"until": "soon"},
        {"until": "20261231"},
        {"until": 20261231},
        {},
    ],
)
def test_a_request_that_ends_before_it_begins_or_never_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        request(**fields)


def test_a_request_entitles_until_it_ends_and_says_so() -> None:
    world = snapshot([person("Ada")], {group("LIC-E3", E3): []})
    asked = {"person": ADA, "until": "2026-11-22", "reason": "merger", "by": "Ben"}
    each = bundle("LIC-E3", policy={"requests": [asked]})
    (plan,) = plans(world, each)
    assert [change.reason for change in plan.changes] == [
        "requested by Ben until 2026-11-22: merger"
    ]
    (plan,) = plans(world, each, now=NOW + timedelta(days=1))
    assert not plan.changes


# Priority.


def test_seats_go_by_priority_then_by_the_time_first_waited_then_by_id() -> None:
    names = ["Ada", "Ben", "Cleo", "Dan"]
    titles = ["", "Engineer", "Director", "Engineer"]
    world = snapshot(
        [person(name, jobTitle=title) for name, title in zip(names, titles, strict=True)],
        {group("LIC-E3", E3): []},
        [product(E3, seats=2)],
    )
    ranks = ['user.jobTitle -eq "Director"', 'user.jobTitle -eq "Engineer"']
    each = bundle("LIC-E3", name="e3", priority=ranks)
    waited = [Wait(guid("Dan"), "2026-01-01T00:00:00+00:00", "full")]
    waited += [Wait(guid("Ada"), "2020-01-01T00:00:00+00:00", "full")]
    (plan,) = plans(world, each, facts={"e3": known(each, waiting=waited)})
    assert granted(plan) == {guid("Cleo"), guid("Dan")}
    assert {wait.since for wait in plan.waiting if wait.person == guid("Ada")} == {
        "2020-01-01T00:00:00+00:00"
    }
