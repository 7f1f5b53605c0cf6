"""watches, and what status says of notifications."""

from typing import Any

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.stub import Stub

AT = "2026-11-20T08:00:00+00:00"


def reliance(**more: Any) -> dict[str, Any]:
    return {
        "resource": "users",
        "found": 1_200,
        "missed": 12,
        "late": 3,
        "told": 1_300,
        "repeated": 40,
        "missed_lately": 0.0,
        "half_within": 2.0,
        "most_within": 300.0,
        "mistrusted": False,
    } | more


def watching(**more: Any) -> dict[str, Any]:
    watch = {"id": "sub-1", "resource": "users", "state": "alive", "since": AT, "until": AT}
    return {
        "possible": True,
        "watches": [watch],
        "last_told": {"users": AT},
        "notifications": [reliance()],
    } | more


def test_watches_and_how_far_they_can_be_relied_on(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/watches", watching())
    said = seatflow("watches").stdout
    assert "sub-1" in said
    assert "2026-11-20 08:00" in said
    assert "12 of 1,200 changes missed (1.0%)" in said
    assert "half of them within 2 s, 95 % within 5 min" in said


def test_an_app_that_nobody_can_notify_says_what_to_do(seatflow: Seatflow, stub: Stub) -> None:
    nothing = watching(possible=False, watches=[], last_told={}, notifications=[])
    stub.answer("GET", "/watches", nothing)
    assert "PUBLIC_URL is not set" in seatflow("watches").stdout
    stub.answer("GET", "/watches", nothing | {"possible": True})
    assert "Nothing is watched yet" in seatflow("watches").stdout


def test_status_says_when_notifications_are_mistrusted(seatflow: Seatflow, stub: Stub) -> None:
    low = reliance(mistrusted=True, missed_lately=0.125, half_within=None, most_within=None)
    stub.answer("GET", "/status", {"bundles": [], "notifications": [low]})
    said = " ".join(seatflow("status").stdout.split())
    assert "12.5% WERE MISSED WITHIN AN HOUR" in said
    assert "an inventory is taken every minute" in said
