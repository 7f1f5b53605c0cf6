"""The error catalogue, word for word: clients match status, code and message."""

from typing import Any

import pytest

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import E1, E3, PHONE, id_of, small_tenant

NOBODY = "11111111-1111-1111-1111-111111111111"
GONE = (
    "Resource '{}' does not exist or one of its queried reference-property objects are not present."
)
DENIED = "Insufficient privileges to complete the operation."
ALREADY = (
    "One or more added object references already exist for the following modified properties: "
    "'members'."
)
UNSUPPORTED = "Unsupported referenced-object resource identifier for link property 'members'."
SYNCED = (
    "Unable to update the specified properties for on-premises mastered Directory Sync objects "
    "or objects currently undergoing migration."
)
MAIL = "Cannot Update a mail-enabled security groups and or distribution list."
ADVANCED = (
    "Operator 'ne' is not supported because the required parameters might be missing. Try adding "
    "$count=true query parameter and ConsistencyLevel:eventual header. Refer to "
    "https://aka.ms/graph-docs/advanced-queries for more information"
)


def ref(object_id: str) -> dict[str, str]:
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{object_id}"}


def bind(*object_ids: str) -> dict[str, list[str]]:
    root = "https://graph.microsoft.com/v1.0/directoryObjects/"
    return {"members@odata.bind": [root + object_id for object_id in object_ids]}


def licenses(*add: str, remove: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"addLicenses": [{"skuId": sku} for sku in add], "removeLicenses": list(remove)}


def members(group: str) -> str:
    return f"/groups/{id_of(group)}/members"


ADA, LINUS = id_of("ada"), id_of("linus")
PLAIN = f"/groups/{id_of('plain')}"
BAD, UNSUPPORTED_QUERY = "Request_BadRequest", "Request_UnsupportedQuery"
MISSING, FORBIDDEN = "Request_ResourceNotFound", "Authorization_RequestDenied"

CATALOGUE: list[tuple[str, str, Any, int, str, str]] = [
    ("POST", members("plain") + "/$ref", ref(ADA), 400, BAD, ALREADY),
    ("PATCH", PLAIN, bind(LINUS, ADA), 400, BAD, ALREADY),
    ("PATCH", PLAIN, bind(LINUS, LINUS), 400, BAD, ALREADY),
    ("POST", members("plain") + "/$ref", ref(NOBODY), 404, MISSING, GONE.format(NOBODY)),
    ("PATCH", PLAIN, bind(LINUS, NOBODY), 404, MISSING, GONE.format(NOBODY)),
    ("POST", f"/groups/{NOBODY}/members/$ref", ref(ADA), 404, MISSING, GONE.format(NOBODY)),
    ("PATCH", f"/groups/{NOBODY}", bind(ADA), 404, MISSING, GONE.format(NOBODY)),
    ("DELETE", f"{members('plain')}/{LINUS}/$ref", None, 404, MISSING, GONE.format(LINUS)),
    ("DELETE", f"/groups/{NOBODY}/members/{ADA}/$ref", None, 404, MISSING, GONE.format(ADA)),
    ("POST", members("dynamic") + "/$ref", ref(ADA), 403, FORBIDDEN, DENIED),
    ("POST", members("synced") + "/$ref", ref(ADA), 400, BAD, SYNCED),
    ("POST", members("mail") + "/$ref", ref(ADA), 400, BAD, MAIL),
    ("POST", members("roles") + "/$ref", ref(ADA), 403, FORBIDDEN, DENIED),
    (
        "POST",
        members("team") + "/$ref",
        ref(id_of("plain")),
        400,
        UNSUPPORTED_QUERY,
        UNSUPPORTED,
    ),
    ("POST", members("plain") + "/$ref", ref("no-guid"), 400, UNSUPPORTED_QUERY, UNSUPPORTED),
    (
        "POST",
        "/groups/no-guid/members/$ref",
        ref(ADA),
        400,
        BAD,
        "Invalid object identifier 'no-guid'.",
    ),
    ("GET", "/groups/no-guid", None, 400, BAD, "Invalid object identifier 'no-guid'."),
    ("GET", f"/users/{NOBODY}", None, 404, MISSING, GONE.format(NOBODY)),
    ("GET", "/users?$filter=department ne 'X'", None, 400, UNSUPPORTED_QUERY, ADVANCED),
    (
        "GET",
        "/users?$select=shoeSize",
        None,
        400,
        "BadRequest",
        "Could not find a property named 'shoeSize' on type 'microsoft.graph.user'.",
    ),
    (
        "PATCH",
        f"/users/{ADA}",
        {"assignedLicenses": []},
        400,
        BAD,
        "Property 'assignedLicenses' is read-only and cannot be set.",
    ),
    (
        "POST",
        f"/users/{id_of('nemo')}/assignLicense",
        licenses(E1),
        400,
        BAD,
        "License assignment cannot be done for user with invalid usage location.",
    ),
    (
        "POST",
        f"/users/{ADA}/assignLicense",
        licenses(NOBODY),
        400,
        BAD,
        f"License {NOBODY} does not correspond to a valid company License.",
    ),
    (
        "POST",
        f"/users/{ADA}/assignLicense",
        licenses(remove=(E3,)),
        400,
        BAD,
        "User license is inherited from a group membership and it cannot be removed directly from "
        "the user.",
    ),
    (
        "POST",
        f"/users/{ADA}/assignLicense",
        licenses(remove=(E1,)),
        400,
        BAD,
        "User does not have a corresponding license.",
    ),
    (
        "POST",
        f"/users/{ADA}/assignLicense",
        licenses(E1),
        400,
        BAD,
        "License assignment failed because service plans EXCHANGE_S_STANDARD, "
        "EXCHANGE_S_ENTERPRISE are mutually exclusive.",
    ),
    (
        "POST",
        f"/users/{LINUS}/assignLicense",
        licenses(PHONE),
        400,
        BAD,
        "License assignment failed because service plan MCOEV depends on the service plan(s) "
        "TEAMS1, MCOSTANDARD.",
    ),
    ("GET", "/subscriptions/x", None, 404, "ResourceNotFound", "The object was not found."),
    (
        "GET",
        "/nothing",
        None,
        400,
        "BadRequest",
        "Resource not found for the segment 'nothing'.",
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "message"),
    CATALOGUE,
    ids=[
        f"{method} {path[:40]} {status} {n}"
        for n, (method, path, _, status, _, _) in enumerate(CATALOGUE)
    ],
)
async def test_each_mistake_has_its_status_code_and_words(
    graph: Simulation, method: str, path: str, body: Any, status: int, code: str, message: str
) -> None:
    got_status, document, headers = await graph.call(method, path, body)

    error = document["error"]
    assert (got_status, error["code"], error["message"]) == (status, code, message)
    assert set(error["innerError"]) == {"date", "request-id", "client-request-id"}
    assert error["innerError"]["request-id"] == headers["request-id"]


async def test_a_patch_with_one_bad_reference_adds_nobody(graph: Simulation) -> None:
    status, _, _ = await graph.call("PATCH", PLAIN, bind(LINUS, id_of("grace"), NOBODY))

    assert status == 404
    page = await graph.get(f"{PLAIN}/members?$select=id")
    assert [one["id"] for one in page["value"]] == [ADA]


async def test_more_than_twenty_references_are_refused(graph: Simulation) -> None:
    status, document, _ = await graph.call("PATCH", PLAIN, bind(*[NOBODY] * 21))

    assert (status, document["error"]["code"]) == (400, "Request_BadRequest")


async def test_the_forward_link_quota_counts_what_a_patch_would_make() -> None:
    async with simulation(small_tenant(), member_quota=2) as graph:
        status, document, _ = await graph.call("PATCH", PLAIN, bind(LINUS, id_of("grace")))

    assert (status, document["error"]["code"]) == (403, "Directory_QuotaExceeded")
    assert document["error"]["message"] == (
        "Unable to perform operation as '3' would exceed the maximum quota count '2' for "
        "forward-link members."
    )


async def test_no_seats_left_refuses_a_direct_license() -> None:
    async with simulation(small_tenant(e3_seats=1)) as graph:
        _, document, _ = await graph.call("POST", f"/users/{LINUS}/assignLicense", licenses(E3))

    message = f"Subscription with SKU {E3} does not have any available licenses."
    assert document["error"]["message"] == message


async def test_guests_are_kept_out_of_a_team_where_the_tenant_says_so() -> None:
    settings = {"guests_in_microsoft_365_groups": False}
    async with simulation(small_tenant(), **settings) as graph:
        vera = ref(id_of("vera"))
        status, document, _ = await graph.call("POST", members("team") + "/$ref", vera)

    assert status == 403
    assert "Guests users are not allowed to join" in document["error"]["message"]


async def test_a_replica_behind_the_write_says_so_in_its_own_words() -> None:
    async with simulation(small_tenant(), replication_lag=60) as graph:
        await graph.call("DELETE", f"{members('plain')}/{ADA}/$ref")
        again, gone, _ = await graph.call("DELETE", f"{members('plain')}/{ADA}/$ref")
        new = {"displayName": "n", "mailEnabled": False, "mailNickname": "n"}
        _, made, _ = await graph.call("POST", "/groups", new | {"securityEnabled": True})
        early, unknown, _ = await graph.call("POST", f"/groups/{made['id']}/members/$ref", ref(ADA))

    assert (again, early) == (400, 400)
    assert gone["error"]["message"] == (
        "One or more removed object references do not exist for the following modified "
        "properties: 'members'."
    )
    assert unknown["error"]["message"] == (
        "The source resource object or one of the objects being referenced don't exist."
    )


async def test_without_a_token_nothing_is_answered(graph: Simulation) -> None:
    async with graph.http.get(f"{graph.address}/v1.0/users") as answer:
        document = await answer.json()

    assert answer.status == 401
    assert document["error"]["code"] == "InvalidAuthenticationToken"


async def test_the_clients_own_request_id_comes_back(graph: Simulation) -> None:
    _, _, headers = await graph.call("GET", "/users", client_request_id="mine")

    assert headers["client-request-id"] == "mine"
    assert headers["request-id"] != "mine"
    assert headers["OData-Version"] == "4.0"
    assert "ServerInfo" in headers["x-ms-ags-diagnostic"]
