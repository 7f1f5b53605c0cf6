"""Whoever looks at a real tenant: her token is kept, and until she has one she is told how."""

import asyncio
import base64
import json
import threading
from datetime import UTC, datetime

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from adapters.identity_errors import outage_of
from adapters.visitor import DeviceCode, NotYet, Prompt, Visitor, visitor

FAR, NEAR = 2**32, 0


def token_of(**claims: str) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


class Giving:
    """Gives these tokens in turn."""

    def __init__(self, *tokens: AccessToken) -> None:
        self._tokens = list(tokens)

    async def get_token(self, *scopes: str) -> AccessToken:
        return self._tokens.pop(0)

    async def close(self) -> None:
        pass


class Page:
    """A page that somebody enters a code on, or is refused."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.refused = False

    def begin(self, prompt: Prompt) -> "Page":
        self._prompt = prompt
        return self

    def get_token(self, *scopes: str) -> AccessToken:
        self._prompt("https://page.example", "ABC123", datetime.now(UTC))  # noqa: TID251 - unused
        self.entered.wait(60)
        if self.refused:
            raise ClientAuthenticationError("the code expired")
        return AccessToken(token_of(upn="ada@contoso.com", tid="t-1"), FAR)


async def test_a_token_is_asked_for_once_and_anew_shortly_before_its_end() -> None:
    asked = Visitor("az-login", Giving(*(AccessToken(name, FAR) for name in "ab")))
    assert [(await asked.get_token("graph")).token for _ in range(3)] == ["a", "a", "a"]
    soon = Visitor("az-login", Giving(AccessToken("a", NEAR), AccessToken("b", FAR)))
    assert [(await soon.get_token("graph")).token for _ in range(3)] == ["a", "b", "b"]


@pytest.mark.parametrize(
    ("token", "account"),
    [
        (token_of(upn="ada@contoso.com", tid="t-1"), "ada@contoso.com in the tenant t-1"),
        (token_of(app_displayname="vm", appid="1", tid="t"), "vm in the tenant t"),
        ("local", "somebody unnamed in the tenant that it does not name"),
        ("a.b.c", "somebody unnamed in the tenant that it does not name"),
        ("a.W10.c", "somebody unnamed in the tenant that it does not name"),
    ],
)
async def test_who_looks_is_read_from_her_token_as_far_as_it_says(token: str, account: str) -> None:
    looking = Visitor("managed-identity", Giving(AccessToken(token, FAR)))
    await looking.get_token("graph")
    assert looking.account == f"managed-identity as {account}"


async def test_until_the_code_is_entered_every_refusal_says_page_and_code() -> None:
    page = Page()
    looking = Visitor("device-code", DeviceCode(page.begin))
    for _ in range(2):
        with pytest.raises(NotYet) as waiting:
            await looking.get_token("graph")
        assert (
            waiting.value.message
            == "To sign in, open https://page.example and enter the code ABC123."
        )
        assert "enter the code ABC123" in str(outage_of(waiting.value))

    page.entered.set()
    async with asyncio.timeout(60):
        while not looking.account.startswith("device-code as ada@contoso.com"):
            try:
                await looking.get_token("graph")
            except NotYet:
                await asyncio.sleep(0)


async def test_a_code_that_was_not_entered_in_time_is_asked_for_anew() -> None:
    page = Page()
    page.refused = True
    page.entered.set()
    asking = DeviceCode(page.begin)
    errors: list[ClientAuthenticationError] = []
    async with asyncio.timeout(60):
        while not errors or isinstance(errors[-1], NotYet):
            with pytest.raises(ClientAuthenticationError) as refused:
                await asking.get_token("graph")
            errors.append(refused.value)
    page.refused = False
    async with asyncio.timeout(60):
        while True:
            try:
                token = await asking.get_token("graph")
                break
            except NotYet:
                await asyncio.sleep(0)
    assert token.expires_on == FAR


async def test_each_way_of_signing_in_is_azure_identitys_own() -> None:
    for way in ("az-login", "device-code", "managed-identity"):
        made = visitor(way, "contoso.com", "00000000-0000-0000-0000-000000000001")
        await made.close()
