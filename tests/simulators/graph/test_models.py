"""Everything the simulator says parses through msgraph-sdk's own models."""

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.user import User

from tests.simulators.graph.simulation import Simulation
from tests.simulators.graph.tenant import E3, id_of


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


async def test_an_error_parses_with_its_code_and_request_id(graph: Simulation) -> None:
    with pytest.raises(ODataError) as caught:
        await graph.sdk.users.by_user_id(id_of("nobody")).get()

    error = caught.value.error
    assert error
    assert error.inner_error
    assert error.code == "Request_ResourceNotFound"
    assert error.inner_error.request_id
    assert error.inner_error.date
