"""The further kinds of facts, read from the Graph simulator by the adapter itself.

What jobs do with them is tested over `FakeSources`; that the real ones keep the same promises
(whole or an error, links that can be gone on from, dead links as Resync) is shown here.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.sources.downloads import Downloads
from adapters.sources.pace import Pace
from adapters.sources.reach import Reach
from adapters.sources.sources import TenantSources
from adapters.sources.usage import CONCEALED
from domain.errors import Forbidden, Later, Never, Resync
from domain.kinds import FURTHER, KINDS, Kind
from domain.kinds.assignments import Assignment
from domain.kinds.kind import Row
from domain.kinds.organization import Organization
from domain.kinds.out_of_office import OutOfOffice
from domain.kinds.owners import Owner
from domain.kinds.sign_ins import SignIns
from domain.kinds.subscriptions import Subscription
from domain.ports import FactsPage, Sources
from tests.contract.graph.simulated import Json, SimulatedGraph
from tests.simulators.graph.tenant import E1, E3, EXCHANGE, TEAMS, id_of, person, small_tenant

OCTOBER_30 = datetime(2026, 10, 30, 8, tzinfo=UTC)
ASSIGNED = "2026-01-02T03:04:05Z"
ORGANIZATION: Json = {
    "id": id_of("contoso"),
    "displayName": "Contoso",
    "tenantType": "AAD",
    "countryLetterCode": "DE",
    "createdDateTime": "2016-04-04T10:00:00Z",
    "onPremisesSyncEnabled": True,
    "technicalNotificationMails": ["it@contoso.example"],
    "verifiedDomains": [
        {
            "name": "contoso.example",
            "type": "Managed",
            "isDefault": True,
            "isInitial": False,
            "capabilities": "Email, OfficeCommunicationsOnline",
        }
    ],
}


def tenant() -> Json:
    document = small_tenant()
    ada, grace = document["users"][:2]
    ada["mail"] = "ada@contoso.example"
    ada["signInActivity"] = {
        "lastSignInDateTime": "2026-10-30T08:00:00Z",
        "lastSuccessfulSignInDateTime": "2026-10-30T08:00:00Z",
    }
    direct = {"skuId": E1, "disabledPlans": []}
    state = {"assignedByGroup": None, "state": "Active", "error": "None"}
    grace["assignedLicenses"] = [direct]
    grace["licenseAssignmentStates"] = [direct | state | {"lastUpdatedDateTime": ASSIGNED}]
    plain, _, licensed = document["groups"][:3]
    plain["owners"] = [id_of("ada"), id_of("grace")]
    licensed["assignedLicenses"][0]["disabledPlans"] = [TEAMS]
    return document | {"organization": ORGANIZATION}


@pytest.fixture
async def slept() -> list[float]:
    """How long it was waited for the pace of reports; no time really passes."""
    return []


@pytest.fixture
async def sources(graph: SimulatedGraph, slept: list[float]) -> Sources:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await graph.load(tenant())
    return TenantSources(Reach(graph.client, reports=Pace(sleep=sleep)))


async def rows(pages: AsyncIterator[FactsPage]) -> list[Any]:
    return [row async for page in pages for row in page.rows]


async def grant(graph: SimulatedGraph, *permissions: str) -> None:
    await graph.switch("POST", "permissions", {"granted": list(permissions)})


# What every kind has in common.

OF_GRAPH = [kind for kind in FURTHER if kind.permissions]
EACH = pytest.mark.parametrize("kind", OF_GRAPH, ids=[kind.name for kind in OF_GRAPH])


@EACH
async def test_the_permissions_that_are_named_are_enough(
    graph: SimulatedGraph, sources: Sources, kind: Kind
) -> None:
    await grant(graph, *kind.permissions)

    read = await rows(sources.pages(kind))

    assert all(len(row) == len(kind.columns) for row in read)
    assert read or kind.name == "deleted"


@EACH
async def test_without_a_permission_it_is_forbidden_and_the_permission_is_named(
    graph: SimulatedGraph, sources: Sources, kind: Kind
) -> None:
    for missing in kind.permissions:
        await grant(graph, *(each for each in kind.permissions if each != missing))
        with pytest.raises(Forbidden) as denied:
            await rows(sources.pages(kind))
        assert missing in denied.value.fix


@EACH
async def test_a_graph_that_is_away_is_for_later(
    graph: SimulatedGraph, sources: Sources, kind: Kind
) -> None:
    await graph.fault("GET ", status=503, retry_after=7)
    with pytest.raises(Later) as away:
        await rows(sources.pages(kind))
    assert away.value.after == 7


@pytest.mark.parametrize("name", ["assignments", "owners", "sign_ins", "deleted"])
async def test_a_read_goes_on_at_any_link_and_misses_and_doubles_nothing(
    graph: SimulatedGraph, sources: Sources, name: str
) -> None:
    crowd = tenant()
    activity = {"lastSignInDateTime": "2026-10-30T08:00:00Z"}
    crowd["users"] += [person(f"p{n}", signInActivity=activity) for n in range(1_000)]
    await graph.load(crowd, throttling=False)
    for n in range(3):
        await graph.switch("POST", f"users/{id_of(f'p{n}')}/delete")
    kind = KINDS[name]
    pages = [page async for page in sources.pages(kind)]
    whole = [row for page in pages for row in page.rows]
    before: list[Row] = []

    for page in pages[:-1]:
        before += page.rows
        assert page.link
        assert before + await rows(sources.pages(kind, page.link)) == whole
    assert pages[-1].link is None
    assert len(pages) > 1 or name == "owners"


async def test_a_link_that_expired_means_to_begin_anew(
    graph: SimulatedGraph, sources: Sources
) -> None:
    crowd = tenant()
    crowd["users"] += [person(f"p{n}") for n in range(1_000)]
    await graph.load(crowd)
    links = [page.link async for page in sources.pages(KINDS["assignments"])]
    await graph.switch("POST", "clock", {"advance": 3_600})

    assert links[0]
    with pytest.raises(Resync):
        await rows(sources.pages(KINDS["assignments"], links[0]))


async def test_half_an_answer_is_none(graph: SimulatedGraph, sources: Sources) -> None:
    await graph.fault("GET /directory/subscriptions", body="half")
    with pytest.raises(Later):
        await rows(sources.pages(KINDS["subscriptions"]))


# Kind by kind.


async def test_assignments_tell_route_state_and_plans(sources: Sources) -> None:
    found = await rows(sources.pages(KINDS["assignments"]))

    by_holder = {(row.holder, row.sku): row for row in found}
    ada = by_holder[id_of("ada"), E3]
    assert ada.updated
    assert ada._replace(updated=None) == Assignment(
        holder=id_of("ada"),
        type="person",
        sku=E3,
        group=id_of("licensed"),
        state="Active",
        error=None,
        enabled=(EXCHANGE,),
        disabled=(TEAMS,),
        updated=None,
    )
    grace = by_holder[id_of("grace"), E1]
    assert (grace.group, grace.updated) == (None, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    group = by_holder[id_of("licensed"), E3]
    assert (group.type, group.state, group.enabled, group.disabled) == (
        "group",
        None,
        (EXCHANGE,),
        (TEAMS,),
    )
    assert len(found) == 3


async def test_a_license_that_failed_is_there_with_its_error(
    graph: SimulatedGraph, sources: Sources
) -> None:
    ordered = {E3: "UniquenessViolation"}
    await graph.switch("PUT", f"users/{id_of('linus')}/license-errors", ordered)
    await graph.switch("POST", f"groups/{id_of('licensed')}/members", {"id": id_of("linus")})

    found = {row.holder: row for row in await rows(sources.pages(KINDS["assignments"]))}

    linus = found[id_of("linus")]
    assert (linus.state, linus.error) == ("Error", "UniquenessViolation")


async def test_the_deleted_are_told_with_when(graph: SimulatedGraph, sources: Sources) -> None:
    await graph.graph("DELETE", f"/users/{id_of('vera')}")
    await graph.graph("DELETE", f"/groups/{id_of('team')}")

    person, group = await rows(sources.pages(KINDS["deleted"]))

    assert (person.id, person.type, person.name) == (id_of("vera"), "person", "Vera")
    assert person.principal_name == "vera@contoso.example"
    assert person.deleted
    assert (group.id, group.type, group.principal_name) == (id_of("team"), "group", None)


async def test_domains_and_organization_are_told(sources: Sources) -> None:
    (domain,) = await rows(sources.pages(KINDS["domains"]))
    (organization,) = await rows(sources.pages(KINDS["organization"]))

    assert (domain.name, domain.default, domain.type) == ("contoso.example", True, "Managed")
    assert domain.capabilities == ("Email", "OfficeCommunicationsOnline")
    assert organization == Organization(
        id=id_of("contoso"),
        name="Contoso",
        type="AAD",
        country="DE",
        usage_location=None,
        language=None,
        synced=True,
        last_synced=None,
        created=datetime(2016, 4, 4, 10, tzinfo=UTC),
        technical_mails=("it@contoso.example",),
    )


async def test_an_organization_of_which_only_the_name_is_told_is_forbidden(
    graph: SimulatedGraph, sources: Sources
) -> None:
    await grant(graph, "User.Read.All")
    with pytest.raises(Forbidden, match=r"name only.*Organization\.Read\.All"):
        await rows(sources.pages(KINDS["organization"]))


async def test_owners_are_told_and_none_is_lost_where_there_are_many(
    graph: SimulatedGraph, sources: Sources
) -> None:
    assert set(await rows(sources.pages(KINDS["owners"]))) == {
        Owner(id_of("plain"), id_of("ada"), "person"),
        Owner(id_of("plain"), id_of("grace"), "person"),
    }

    crowd = tenant()
    names = [f"p{n}" for n in range(130)]
    crowd["users"] += [person(name) for name in names]
    crowd["groups"][0]["owners"] = [id_of(name) for name in names]
    await graph.load(crowd)
    assert len(await rows(sources.pages(KINDS["owners"]))) == 130


async def test_purchases_are_told_with_their_terms(graph: SimulatedGraph, sources: Sources) -> None:
    bought = {
        "id": "s-1",
        "commerceSubscriptionId": "c-1",
        "skuId": E3,
        "skuPartNumber": "SPE_E3",
        "status": "Warning",
        "totalLicenses": 9,
        "isTrial": False,
        "createdDateTime": "2025-01-01T00:00:00Z",
        "nextLifecycleDateTime": "2027-01-01T00:00:00Z",
    }
    await graph.load(tenant() | {"companySubscriptions": [bought]})

    (row,) = await rows(sources.pages(KINDS["subscriptions"]))

    assert row == Subscription(
        id="s-1",
        commerce_id="c-1",
        sku=E3,
        part_number="SPE_E3",
        status="Warning",
        seats=9,
        trial=False,
        created=datetime(2025, 1, 1, tzinfo=UTC),
        next_change=datetime(2027, 1, 1, tzinfo=UTC),
        owner_tenant=None,
    )


# Sign-ins.


async def test_sign_ins_are_told_of_those_who_ever_signed_in(sources: Sources) -> None:
    assert await rows(sources.pages(KINDS["sign_ins"])) == [
        SignIns(id_of("ada"), OCTOBER_30, None, OCTOBER_30)
    ]


async def test_a_tenant_that_is_not_premium_is_said_so_and_what_to_do(
    graph: SimulatedGraph, sources: Sources
) -> None:
    await graph.load(tenant(), premium=False)
    with pytest.raises(Never, match=r"only to tenants with Entra ID P1 or P2.*SIGN_INS=off") as no:
        await rows(sources.pages(KINDS["sign_ins"]))
    assert not isinstance(no.value, Forbidden)


async def test_a_graph_that_takes_only_small_pages_is_read_in_those(
    graph: SimulatedGraph, sources: Sources
) -> None:
    await graph.load(tenant(), sign_in_page=120)
    assert len(await rows(sources.pages(KINDS["sign_ins"]))) == 1


async def test_sign_ins_are_read_no_faster_than_reports_may_be(
    graph: SimulatedGraph, sources: Sources, slept: list[float]
) -> None:
    crowd = tenant()
    activity = {"lastSignInDateTime": "2026-10-30T08:00:00Z"}
    crowd["users"] += [person(f"p{n}", signInActivity=activity) for n in range(700)]
    await graph.load(crowd, sign_in_page=120, throttling=False)

    assert len(await rows(sources.pages(KINDS["sign_ins"]))) == 701
    assert len(slept) == 3  # six pages and a refusal; four requests pass at once


async def test_the_limit_of_reports_is_for_later(graph: SimulatedGraph, sources: Sources) -> None:
    await graph.load(tenant(), report_requests=1, retry_after="none")
    await rows(sources.pages(KINDS["sign_ins"]))
    with pytest.raises(Later, match="limit of reports") as later:
        await rows(sources.pages(KINDS["sign_ins"]))
    assert later.value.after == 10


# Usage.


async def test_usage_is_told_by_person_where_names_are_shown(
    graph: SimulatedGraph, sources: Sources
) -> None:
    await graph.load(tenant(), conceal_report_names=False)

    (page,) = [page async for page in sources.pages(KINDS["usage"])]

    ada, _ = page.rows
    usage = dict(zip((column.name for column in KINDS["usage"].columns), ada, strict=True))
    assert (usage["principal_name"], usage["concealed"]) == ("ada@contoso.example", False)
    assert (usage["has_exchange"], usage["has_teams"]) == (True, False)
    assert (usage["exchange"], usage["yammer"]) == (date(2026, 10, 30), None)
    assert usage["products"] == ("SPE_E3",)
    assert usage["refreshed"]
    assert page.remarks == ()


async def test_concealed_names_are_noticed_and_said(sources: Sources) -> None:
    (page,) = [page async for page in sources.pages(KINDS["usage"])]

    assert page.remarks == (CONCEALED,)
    assert all(row[2] is True for row in page.rows)


async def test_a_report_whose_address_died_or_broke_off_is_no_report(
    graph: SimulatedGraph, sources: Sources
) -> None:
    location = await graph.client.send("GET", "/reports/getOffice365ActiveUserDetail(period='D7')")
    await graph.switch("POST", "clock", {"advance": 301})
    with pytest.raises(Never, match="refused with 403") as refused:
        async for _ in Downloads().lines(location.headers["location"], "the report"):
            pass
    assert "token" not in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "after"), [({}, None), ({"retry_after": "none"}, 600.0)], ids=["told", "untold"]
)
async def test_the_limit_of_usage_is_for_later(
    graph: SimulatedGraph, sources: Sources, settings: Json, after: float | None
) -> None:
    await graph.load(tenant(), usage_requests=1, **settings)
    await rows(sources.pages(KINDS["usage"]))
    with pytest.raises(Later, match="limit of reports is used up") as later:
        await rows(sources.pages(KINDS["usage"]))
    assert later.value.after == after or (after is None and later.value.after > 0)


async def test_automatic_replies_are_read_of_whoever_has_a_mailbox(
    graph: SimulatedGraph, sources: Sources
) -> None:
    document = tenant()
    ada, grace, *others = document["users"]
    for one in (ada, grace):
        one |= {"mail": f"{one['id']}@contoso.example", "accountEnabled": True}
    for one in others:
        one["mail"] = None
    ada["mailboxSettings"] = {
        "automaticRepliesSetting": {
            "status": "scheduled",
            "externalAudience": "contactsOnly",
            "internalReplyMessage": "<p>Back on Monday.</p>",
            "scheduledEndDateTime": {"dateTime": "2026-11-02T07:00:00.0000000", "timeZone": "UTC"},
        }
    }
    await graph.load(document)

    found = await rows(sources.pages(KINDS["out_of_office"]))

    away, here = sorted(found, key=lambda row: row[0] != ada["id"])
    assert away == OutOfOffice(
        ada["id"],
        "scheduled",
        "contactsOnly",
        OCTOBER_30,
        datetime(2026, 11, 2, 7, tzinfo=UTC),
        "<p>Back on Monday.</p>",
        None,
    )
    assert isinstance(here, OutOfOffice)
    assert (here.person, here.status, here.internal) == (grace["id"], "disabled", None)


async def test_a_mailbox_that_does_not_say_whether_it_replies_is_no_silent_one(
    graph: SimulatedGraph, sources: Sources
) -> None:
    document = tenant()
    ada, grace, *_ = document["users"]
    for one in (ada, grace):
        one |= {"mail": f"{one['id']}@contoso.example", "accountEnabled": True}
    ada["mailboxSettings"] = {"automaticRepliesSetting": {"status": None}}
    await graph.load(document)

    found = await rows(sources.pages(KINDS["out_of_office"]))

    told = {row[0] for row in found}
    assert (ada["id"] in told, grace["id"] in told) == (False, True)
