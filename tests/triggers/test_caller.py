"""Who decides: Easy Auth's word first, then the caller's own, marked as such."""

import pytest

from functions.admin.caller import caller, decider
from functions.refusals import BadRequest

NAME, ID, CLAIMED = "x-ms-client-principal-name", "x-ms-client-principal-id", "X-Seatflow-By"


@pytest.mark.parametrize(
    ("headers", "body", "by"),
    [
        ({NAME: "ada@contoso.com", ID: "1815", CLAIMED: "Eve"}, "Eve", "ada@contoso.com"),
        ({ID: "1815", CLAIMED: "Eve"}, "", "1815"),
        ({NAME: " ", ID: "1815"}, "", "1815"),
        ({CLAIMED: "Ada Lovelace"}, "Eve", "Ada Lovelace (unverified)"),
        ({}, "Ada", "Ada (unverified)"),
        ({CLAIMED: "Ada (unverified)"}, "", "Ada (unverified) (unverified)"),
        ({}, "", ""),
    ],
)
def test_the_name_that_is_vouched_for_wins(headers: dict[str, str], body: str, by: str) -> None:
    assert caller(headers, body) == by


@pytest.mark.parametrize("header", [NAME, ID, CLAIMED])
@pytest.mark.parametrize("value", ["a" * 201, "Ada\nEve", "Ada\x00", "Ada\u2028Eve", "Ada\u202e"])
def test_a_name_that_is_long_or_no_line_of_text_is_refused(header: str, value: str) -> None:
    with pytest.raises(BadRequest, match=f"{header}: Expected a name"):
        caller({header: value})


def test_a_decision_needs_a_name() -> None:
    with pytest.raises(BadRequest, match="needs someone's name"):
        decider({CLAIMED: "  "})
