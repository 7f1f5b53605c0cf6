"""doctor."""

import json

from tests.unit.cli.conftest import Seatflow
from tests.unit.cli.stub import Stub

WRONG = {
    "check": "permissions",
    "level": "error",
    "sentence": "User.Read.All is missing.",
    "page": "docs/security.md",
}
FINE = {"check": "clock", "level": "fine", "sentence": "The clock is right.", "page": "docs/x.md"}
NOTE = {"check": "settings", "level": "note", "sentence": "MODE is dry-run.", "page": "docs/x.md"}


def test_what_is_wrong_comes_first_with_its_page_and_fails_the_command(
    seatflow: Seatflow, stub: Stub
) -> None:
    answer = {"healthy": False, "findings": [FINE, NOTE, WRONG]}
    stub.answer("GET", "/doctor", answer)
    result = seatflow("doctor")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "✗ permissions: User.Read.All is missing. (docs/security.md)",
        "· settings: MODE is dry-run.",
        "✓ clock: The clock is right.",
    ]
    assert json.loads(seatflow("doctor --json").stdout) == answer


def test_a_service_in_order_is_said_with_0(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/doctor", {"healthy": True, "findings": [FINE]})
    result = seatflow("doctor")
    assert (result.exit_code, result.stdout) == (0, "✓ clock: The clock is right.\n")
