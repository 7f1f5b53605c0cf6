"""The scan for names and secrets that whatever the stack logs goes through: it finds some."""

from typing import Any

import pytest

from tests.e2e.scan import Scan

PEOPLE: list[dict[str, Any]] = [
    {
        "id": "00000001-0000-4000-8000-000000000000",
        "displayName": "Zoë Ann Fischer-O'Neil",
        "mail": "zoe.fischer@contoso.com",
        "userPrincipalName": "ZFischer@contoso.onmicrosoft.com",
    },
    {"id": "svc", "displayName": "svc-backup-01", "mail": None},
]
SCAN = Scan(PEOPLE, ["AccountKey="])
MADE_UP = "mEW1hTqSg0JtYk3n9xQ2vBz7LrAc5dPfUoIi8_s-KHw6GjNyXeVbCa4ZlRuM1tQD"


@pytest.mark.parametrize(
    "text",
    [
        "change.ended person=Zoë Ann Fischer-O'Neil state=confirmed",
        'detail="ZOË ANN FISCHER-O\'NEIL has no mailbox."',
        "Graph said: zoe.fischer@contoso.com is taken",
        "zfischer@contoso.onmicrosoft.com.",
        '"userPrincipalName":"ZFischer@contoso.onmicrosoft.com"',
        "svc-backup-01 was read",
        "DefaultEndpointsProtocol=http;AccountKey=Eby8vdM0",
        f"clientState={MADE_UP}",
    ],
)
def test_what_names_somebody_or_opens_something_is_found(text: str) -> None:
    assert SCAN.found(["plan.sent", text])


@pytest.mark.parametrize(
    "text",
    [
        "change.ended person=00000001-0000-4000-8000-000000000000 plan=e5.0249-3f2a",
        "Zoë was here, and Ann, and a Fischer",
        "trace=0123456789abcdef0123456789abcdef fingerprint=ffeeddccbbaa99887766554433221100",
        "https://graph.microsoft.com/v1.0/users/delta",
    ],
)
def test_ids_fingerprints_and_single_words_are_not(text: str) -> None:
    assert SCAN.found([text]) == []
