"""Who decides: whoever was let in; on the local stack the caller's own word, marked as such."""

import pytest

from domain.caller import EVERYTHING, Caller
from functions.admin.caller import CLAIMED, decider, name_of
from functions.refusals import BadRequest

ADA = Caller("ada@contoso.com", EVERYTHING)
SOMEBODY = Caller("", EVERYTHING, vouched=False)


@pytest.mark.parametrize(
    ("caller", "headers", "body", "by"),
    [
        (ADA, {CLAIMED: "Eve"}, "Eve", "ada@contoso.com"),
        (ADA, {}, "", "ada@contoso.com"),
        (SOMEBODY, {CLAIMED: "Ada Lovelace"}, "Eve", "Ada Lovelace (unverified)"),
        (SOMEBODY, {}, "Ada", "Ada (unverified)"),
        (SOMEBODY, {CLAIMED: "Ada (unverified)"}, "", "Ada (unverified) (unverified)"),
        (SOMEBODY, {}, "", ""),
    ],
)
def test_the_name_that_is_vouched_for_wins(
    caller: Caller, headers: dict[str, str], body: str, by: str
) -> None:
    assert name_of(caller, headers, body) == by


@pytest.mark.parametrize("value", ["a" * 201, "Ada\nEve", "Ada\x00", "Ada\u2028Eve", "Ada\u202e"])
def test_a_name_that_is_long_or_no_line_of_text_is_refused(value: str) -> None:
    with pytest.raises(BadRequest, match=f"{CLAIMED}: Expected a name"):
        name_of(SOMEBODY, {CLAIMED: value})
    with pytest.raises(BadRequest, match="signed in with: Expected a name"):
        name_of(Caller(value, EVERYTHING), {})


def test_a_decision_needs_a_name() -> None:
    with pytest.raises(BadRequest, match="needs someone's name"):
        decider(SOMEBODY, {CLAIMED: "  "})
