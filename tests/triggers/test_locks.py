"""Who gets in: every route, with every role, with none, with nobody, and with forged headers."""

import asyncio
import base64
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import azure.functions as func
import pytest

from domain.caller import Caller, Role
from domain.errors import Untrusted
from functions import create_app
from functions.admin.operations import OPERATIONS, Operation
from functions.locks import CERTIFICATE, ID, NAME, PRINCIPAL, Locks
from functions.refusals import NotAllowed
from tests.triggers.principal import principal, signed_in

OPEN = {"health", "ready", "graph_notifications", "graph_lifecycle"}
"""Each with a check of its own, or with nothing to tell."""

CHANGING = {
    "pause": Role.OPERATOR,
    "resume": Role.OPERATOR,
    "protect_person": Role.OPERATOR,
    "unprotect_person": Role.OPERATOR,
    "start_run": Role.OPERATOR,
    "replay": Role.OPERATOR,
    "replay_message": Role.OPERATOR,
    "release_plan": Role.APPROVER,
    "refuse_plan": Role.APPROVER,
    "undo_run": Role.APPROVER,
    "end_undoing": Role.APPROVER,
    "set_licenses": Role.APPROVER,
    "push_policy": Role.POLICY_ADMIN,
    "put_bundle": Role.POLICY_ADMIN,
}


class Known:
    """Takes one certificate."""

    def caller(self, certificate: bytes) -> Caller:
        if certificate != b"good":
            raise Untrusted("The certificate is not to be trusted.")
        return Caller("build.contoso.com", frozenset({Role.POLICY_ADMIN}))


EASY_AUTH = Locks("easy-auth")


TOKEN = "t" * 32


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[1:]}",
        TOKEN,
        f"bearer {TOKEN}",
        "Bearer é",
    ],
)
def test_a_token_opens_everything_and_nothing_else_does(shown: str) -> None:
    locks = Locks("token", token=TOKEN)
    for role in Role:
        assert not locks.admit({"authorization": f"Bearer {TOKEN}"}, role).vouched
        with pytest.raises(Untrusted, match=r"Nobody is signed in\. Show the token"):
            locks.admit({"authorization": shown} | signed_in(role.value), role)
    assert TOKEN not in repr(locks)


def test_without_a_token_nothing_is_one() -> None:
    for locks in (Locks("token"), Locks("none", token=TOKEN), Locks("easy-auth", token=TOKEN)):
        for shown in ("Bearer ", f"Bearer {TOKEN}"):
            with pytest.raises(Untrusted):
                locks.admit({"authorization": shown}, Role.READER)


def test_what_changes_something_says_whose_it_is() -> None:
    changing = {
        each.name: each.needs
        for each in OPERATIONS
        if each.method != "GET" and each.name not in ("lint", "whatif")
    }
    assert changing == CHANGING


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_is_its_own_and_what_only_reads(operation: Operation, role: Role) -> None:
    needed = operation.needs
    if role is needed or needed is Role.READER:
        caller = EASY_AUTH.admit(signed_in(role.value), needed)
        assert caller == Caller("ada@contoso.com", frozenset({role}))
    else:
        with pytest.raises(NotAllowed, match=f"needs the role {needed.value}"):
            EASY_AUTH.admit(signed_in(role.value), needed)


FORGED: tuple[Mapping[str, str], ...] = (
    {},
    {NAME: "admin@contoso.com"},
    {NAME: "admin@contoso.com", ID: "1815"},
    {"X-Seatflow-By": "admin@contoso.com"},
    {"x-functions-key": "any", NAME: "admin@contoso.com"},
    {PRINCIPAL: "garbage", NAME: "admin@contoso.com"},
    {PRINCIPAL: base64.b64encode(b"[]").decode(), NAME: "admin@contoso.com"},
    {PRINCIPAL: base64.b64encode(b'{"claims": [{}]}').decode(), NAME: "a"},
    {PRINCIPAL: principal("Operator")},
    {CERTIFICATE: base64.b64encode(b"good").decode()},
)


@pytest.mark.parametrize("headers", FORGED)
@pytest.mark.parametrize("role", Role)
def test_nobody_gets_in_by_saying_so(headers: Mapping[str, str], role: Role) -> None:
    with pytest.raises(Untrusted):
        EASY_AUTH.admit(headers, role)


@pytest.mark.parametrize("headers", [*FORGED, signed_in(*(role.value for role in Role))])
def test_where_easy_auth_is_off_its_headers_mean_nothing(headers: Mapping[str, str]) -> None:
    for role in Role:
        with pytest.raises(Untrusted, match=r"Nobody is signed in\. Switch on Easy Auth"):
            Locks().admit(headers, role)


@pytest.mark.parametrize("roles", [(), ("reader",), ("Administrator",), ("Global Administrator",)])
def test_someone_signed_in_without_a_role_of_ours_gets_nowhere(roles: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed):
        EASY_AUTH.admit(signed_in(*roles), Role.READER)


def test_a_claim_that_is_no_role_is_none() -> None:
    headers = {PRINCIPAL: principal("PolicyAdmin", kind="groups"), NAME: "ada"}
    with pytest.raises(NotAllowed):
        EASY_AUTH.admit(headers, Role.POLICY_ADMIN)


def test_a_pipeline_without_a_name_is_known_by_its_id() -> None:
    headers = {PRINCIPAL: principal("PolicyAdmin"), ID: "1815"}
    assert EASY_AUTH.admit(headers, Role.POLICY_ADMIN).name == "1815"


@pytest.mark.parametrize("shown", ["garbage", "", base64.b64encode(b"other").decode()])
def test_a_machine_is_let_in_by_its_certificate_and_by_nothing_else(shown: str) -> None:
    locks = Locks("easy-auth", Known)
    good = {CERTIFICATE: base64.b64encode(b"good").decode()}
    assert locks.admit(good, Role.POLICY_ADMIN).name == "build.contoso.com"
    with pytest.raises(NotAllowed):
        locks.admit(good, Role.APPROVER)
    with pytest.raises(Untrusted):
        locks.admit({CERTIFICATE: shown}, Role.READER)
    assert locks.admit(signed_in("Approver") | good, Role.APPROVER).name == "ada@contoso.com"


async def test_every_route_of_the_app_is_locked_or_open_on_purpose() -> None:
    def unreached() -> Any:
        raise AssertionError("nobody was let in, and a job was asked for")

    asked = {}
    for each in create_app(unreached, EASY_AUTH).get_functions():
        trigger: Any = each.get_trigger()
        if trigger.type != "httpTrigger" or each.get_function_name() in OPEN:
            continue
        assert trigger.auth_level is func.AuthLevel.ANONYMOUS
        for headers in FORGED:
            answer = await each.get_user_function()(
                func.HttpRequest("GET", "/", headers=dict(headers), body=b""),
                SimpleNamespace(invocation_id="1"),
            )
            assert answer.status_code == 401, each.get_function_name()
        asked[each.get_function_name()] = True
    assert set(asked) == {operation.name for operation in OPERATIONS}


def test_an_app_is_closed_unless_somebody_says_otherwise() -> None:
    (function,) = [
        each
        for each in create_app(lambda: None).get_functions()  # type: ignore[arg-type, return-value]
        if each.get_function_name() == "get_status"
    ]
    request = func.HttpRequest("GET", "/", headers=signed_in("Reader"), body=b"")
    context = SimpleNamespace(invocation_id="1")
    answer = asyncio.run(function.get_user_function()(request, context))
    assert answer.status_code == 401
