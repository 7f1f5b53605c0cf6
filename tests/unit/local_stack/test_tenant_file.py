"""A tenant file is read far enough to refuse, in one sentence, what is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.errors import StackError
from local.tenant_file import generate_tenant, read_tenant

_USER = {"id": "1", "userPrincipalName": "grace.hopper@fabrikam.com"}


def _tenant(**parts: Any) -> str:
    return json.dumps({"users": [_USER], "groups": [], "subscribedSkus": [], **parts})


def test_a_tenant_of_ones_own_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "tenant.json"
    file.write_text(_tenant())

    tenant = read_tenant(file)

    assert (tenant.people, tenant.somebody) == (1, "grace.hopper@fabrikam.com")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "must be one JSON object with users, groups, subscribedSkus"),
        ('{"users": []}', "must have a list 'groups'"),
        (_tenant(users=[_USER, {"name": "Ada"}]), r"users\[1\] must be an object with an id"),
    ],
)
def test_what_is_no_tenant_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "tenant.json"
    file.write_text(text)

    with pytest.raises(StackError, match=sentence) as refusal:
        read_tenant(file)

    assert str(file) in str(refusal.value)
    assert "\n" not in str(refusal.value)


async def test_a_generated_tenant_has_the_size_asked_for_and_its_protagonist(
    tmp_path: Path,
) -> None:
    tenant = await generate_tenant(100, 1, tmp_path / "new" / "tenant.json")

    assert (tenant.people, tenant.somebody) == (100, "ada.brandt@contoso.com")


async def test_a_size_that_the_generator_refuses_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"could not be generated: .* at least 100 people"):
        await generate_tenant(3, 1, tmp_path / "tenant.json")
