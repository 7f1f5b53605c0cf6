"""Everything the simulator says parses through msgraph-sdk's own models."""

from datetime import UTC, datetime

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_serialization_json.json_parse_node import JsonParseNode
from msgraph.generated.directory_objects.get_by_ids.get_by_ids_post_request_body import (
    GetByIdsPostRequestBody,
)
from msgraph.generated.models.automatic_replies_setting import AutomaticRepliesSetting
from msgraph.generated.models.automatic_replies_status import AutomaticRepliesStatus
from msgraph.generated.models.company_subscription import CompanySubscription
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.user import User

from tests.simulators.graph.simulation import Simulation, simulation
from tests.simulators.graph.tenant import E3, id_of, small_tenant

GRAPH = "appId eq '00000003-0000-0000-c000-000000000000'"
OCTOBER_30 = datetime(2026, 10, 30, 8, tzinfo=UTC)


async def test_a_user_with_licenses_parses(graph: Simulation) -> None:
    one = graph.sdk.users.by_user_id("ada@contoso.example")
    query = one.UserItemRequestBuilderGetQueryParameters(
        select=["id", "displayName", "assignedLicenses", "licenseAssignmentStates", "assignedPlans"]
    )

    ada = await one.get(RequestConfiguration(query_parameters=query))

    assert ada is not None
    assert ada.assigned_licenses is not None
    assert ada.license_assignment_states is not None
    assert ada.assigned_plans is not None
    assert str(ada.assigned_licenses[0].sku_id) == E3
    state = ada.license_assignment_states[0]
    assert (state.assigned_by_group, state.state) == (id_of("licensed"), "Active")
    assert len(ada.assigned_plans) == 2


async def test_collections_of_users_groups_products_and_the_organization_parse(
    graph: Simulation,
) -> None:
    users = await graph.sdk.users.get()
    groups = await graph.sdk.groups.get()
    products = await graph.sdk.subscribed_skus.get()
    organizations = await graph.sdk.organization.get()

    assert users
    assert users.value
    assert len(users.value) == 5
    assert groups
    assert groups.value
    assert groups.value[0].display_name == "plain"
    assert products
    assert products.value
    assert products.value[0].prepaid_units
    assert products.value[0].prepaid_units.enabled == 2
    assert products.value[0].consumed_units == 1
    assert organizations
    assert organizations.value
    assert organizations.value[0].display_name == "Contoso"


async def test_members_parse_as_what_they_are(graph: Simulation) -> None:
    members = await graph.sdk.groups.by_group_id(id_of("nesting")).members.get()
    people = await graph.sdk.groups.by_group_id(id_of("nesting")).members.graph_user.get()

    assert members
    assert members.value
    assert [type(member) for member in members.value] == [Group, User]
    assert people
    assert people.value
    assert [one.display_name for one in people.value] == ["Grace"]


async def test_delta_pages_parse(graph: Simulation) -> None:
    users = await graph.sdk.users.delta.get()
    delta = graph.sdk.groups.delta
    query = delta.DeltaRequestBuilderGetQueryParameters(select=["displayName", "members"])
    groups = await delta.get(RequestConfiguration(query_parameters=query))

    assert users
    assert users.value
    assert len(users.value) == 5
    assert groups
    assert groups.value
    assert groups.odata_delta_link
    (member,) = groups.value[0].additional_data["members@delta"]
    assert (member["@odata.type"], str(member["id"])) == ("#microsoft.graph.user", id_of("ada"))
    again = await graph.sdk.groups.delta.with_url(groups.odata_delta_link).get()
    assert again
    assert again.value == []


async def test_sign_ins_owners_deletions_and_purchases_parse() -> None:
    tenant = small_tenant()
    tenant["users"][0]["signInActivity"] = {"lastSignInDateTime": "2026-10-30T08:00:00Z"}
    tenant["groups"][0]["owners"] = [id_of("ada")]
    async with simulation(tenant) as graph:
        query = graph.sdk.users.UsersRequestBuilderGetQueryParameters(select=["signInActivity"])
        users = await graph.sdk.users.get(RequestConfiguration(query_parameters=query))
        owners = await graph.sdk.groups.by_group_id(id_of("plain")).owners.get()
        await graph.call("DELETE", f"/users/{id_of('vera')}")
        bin = graph.sdk.directory.deleted_items.graph_user
        selected = bin.GraphUserRequestBuilderGetQueryParameters(select=["id", "deletedDateTime"])
        gone = await bin.get(RequestConfiguration(query_parameters=selected))
        bought = await graph.sdk.directory.subscriptions.get()

    assert users
    assert users.value
    assert users.value[0].sign_in_activity
    assert users.value[0].sign_in_activity.last_sign_in_date_time == OCTOBER_30
    assert owners
    assert owners.value
    assert [type(owner) for owner in owners.value] == [User]
    assert gone
    assert gone.value
    assert gone.value[0].deleted_date_time
    assert bought
    assert bought.value
    assert isinstance(bought.value[0], CompanySubscription)
    assert (bought.value[0].total_licenses, bought.value[0].is_trial) == (2, False)


async def test_managers_groups_around_somebody_and_details_of_licenses_parse() -> None:
    tenant = small_tenant()
    tenant["users"][0]["manager"] = {"id": id_of("vera")}
    async with simulation(tenant) as graph:
        ada = graph.sdk.users.by_user_id(id_of("ada"))
        manager = await ada.manager.get()
        around = await ada.member_of.get()
        details = await ada.license_details.get()

    assert isinstance(manager, User)
    assert manager.id == id_of("vera")
    assert around
    assert around.value
    assert {type(group) for group in around.value} == {Group}
    assert details
    assert details.value
    assert str(details.value[0].sku_id) == E3
    assert details.value[0].service_plans


async def test_objects_by_ids_audits_and_service_principals_parse(graph: Simulation) -> None:
    sdk, wanted = graph.sdk, [id_of("ada"), id_of("plain")]
    found = await sdk.directory_objects.get_by_ids.post(GetByIdsPostRequestBody(ids=wanted))
    vera = {"@odata.id": f"{graph.address}/v1.0/directoryObjects/{id_of('vera')}"}
    await graph.call("POST", f"/groups/{id_of('plain')}/members/$ref", vera)
    log = await sdk.audit_logs.directory_audits.get()
    by_id = sdk.service_principals.ServicePrincipalsRequestBuilderGetQueryParameters(filter=GRAPH)
    principals = await sdk.service_principals.get(RequestConfiguration(query_parameters=by_id))

    assert found
    assert found.value
    assert {type(each) for each in found.value} == {User, Group}
    assert log
    assert log.value
    assert log.value[0].activity_display_name == "Add member to group"
    assert log.value[0].target_resources
    assert principals
    assert principals.value
    assert principals.value[0].app_id


async def test_automatic_replies_parse() -> None:
    tenant = small_tenant()
    tenant["users"][0]["mail"] = "ada@contoso.example"
    async with simulation(tenant) as graph:
        settings = f"/users/{id_of('ada')}/mailboxSettings"
        answer = await graph.get(f"{settings}/automaticRepliesSetting")

    replies = JsonParseNode(answer).get_object_value(AutomaticRepliesSetting)
    assert replies.status is AutomaticRepliesStatus.Disabled
    assert replies.scheduled_start_date_time
    assert replies.scheduled_start_date_time.time_zone == "UTC"


async def test_an_error_parses_with_its_code_and_request_id(graph: Simulation) -> None:
    with pytest.raises(ODataError) as caught:
        await graph.sdk.users.by_user_id(id_of("nobody")).get()

    error = caught.value.error
    assert error
    assert error.inner_error
    assert error.code == "Request_ResourceNotFound"
    assert error.inner_error.request_id
    assert error.inner_error.date
