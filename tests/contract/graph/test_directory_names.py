"""What `Directory.find_person` promises."""

import logging

import pytest

from domain.errors import Forbidden, Later, Never
from tests.contract.graph.conftest import OpenWorld
from tests.fakes.tenant import FakeTenant

NOBODY = "11111111-2222-3333-4444-555555555555"


async def test_a_person_is_found_by_id_principal_name_and_mail(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person(
        "Ada", userPrincipalName="ada@contoso.example", mail="ada.o'neil+x&y@contoso.example"
    )
    tenant.add_person("Ben", userPrincipalName="ben@contoso.example", mail="b@contoso.example")
    world = await open_world(tenant)

    for name in (ada, "Ada@Contoso.example", "ada.O'Neil+x&y@contoso.example"):
        assert await world.directory.find_person(name) == ada


async def test_a_guest_is_found_by_her_principal_name(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    name = "vera.o'hara_fabrikam.example#EXT#@contoso.example"
    vera = tenant.add_person("Vera", userPrincipalName=name, userType="Guest")
    world = await open_world(tenant)

    assert await world.directory.find_person(name) == vera


async def test_a_principal_name_goes_before_a_mail_address(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    name = "ada@contoso.example"
    tenant.add_person("Ben", mail=name)
    ada = tenant.add_person("Ada", userPrincipalName=name)
    world = await open_world(tenant)

    assert await world.directory.find_person(name) == ada


@pytest.mark.parametrize(
    "name",
    [
        NOBODY,
        "nobody@contoso.example",
        "",
        " ",
        "Ada",
        "ada@contoso.example/manager",
        "../groups",
        "ada@contoso.example?$select=id",
        "' or mail ne '@x",
        "a' or startswith(mail,'a",
    ],
)
async def test_nobody_is_found_by_another_name(open_world: OpenWorld, name: str) -> None:
    tenant = FakeTenant()
    eve = tenant.add_person("Eve", mail="e@contoso.example")
    tenant.add_person("Ada", userPrincipalName="ada@contoso.example", manager=eve)
    world = await open_world(tenant)

    assert await world.directory.find_person(name) is None


async def test_a_mail_address_of_several_people_is_nobodys_name(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    for name in ("Ada", "Ben"):
        tenant.add_person(name, mail="team@contoso.example")
    world = await open_world(tenant)

    with pytest.raises(Never) as error:
        await world.directory.find_person("team@contoso.example")
    assert "object id" in error.value.fix
    assert "team" not in str(error.value)


async def test_somebody_who_cannot_be_looked_up_is_not_nobody(open_world: OpenWorld) -> None:
    tenant = FakeTenant()
    ada = tenant.add_person("Ada")
    world = await open_world(tenant)

    await world.throttle_next("find_person", after=20)
    with pytest.raises(Later) as error:
        await world.directory.find_person(ada)
    assert error.value.after == 20

    await world.forbid("find_person")
    with pytest.raises(Forbidden):
        await world.directory.find_person(ada)


async def test_a_name_is_in_no_error_and_no_log(
    open_world: OpenWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world = await open_world(FakeTenant())
    for status in ("throttle", "break", "forbid"):
        if status == "throttle":
            await world.throttle_next("find_person", after=1)
        elif status == "break":
            await world.break_next("find_person")
        else:
            await world.forbid("find_person")
        with pytest.raises((Later, Never)) as error:
            await world.directory.find_person("ada@contoso.example")
        assert "ada" not in str(error.value)
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING and "ada" in str(r.msg)]
