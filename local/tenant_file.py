"""The tenant that the Graph simulator is given: generated, or brought along."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import StackError
from local.layout import PROJECT

_LISTS = ("users", "groups", "subscribedSkus")
# The documentation tells its stories about her; she is in every generated tenant.
_PROTAGONIST = "ada.brandt@"


@dataclass(frozen=True)
class Tenant:
    """A tenant file that reads well, its size, and somebody in it to change."""

    file: Path
    people: int
    somebody: str
    id: str = ""
    """Empty where the file says none, and the simulator makes one up."""


async def generate_tenant(people: int, seed: int, file: Path) -> Tenant:
    """Write a believable tenant to a file, always the same for the same size and seed.

    Raises:
        StackError: the generator failed; the end of what it said.
    """
    out = _place(file)
    arguments = ("--people", str(people), "--seed", str(seed), "--out", out)
    generator = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.tenant", *arguments),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        cwd=PROJECT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
    )
    try:
        _, complaint = await generator.communicate()
    except asyncio.CancelledError:
        generator.kill()
        await generator.wait()
        raise
    if generator.returncode:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise StackError(f"the tenant could not be generated: {last[0]}")
    return read_tenant(file)


def read_tenant(file: Path) -> Tenant:
    """Read a tenant file far enough to know that it is one; the simulator checks the rest.

    Raises:
        StackError: one sentence, with the file and what is wrong in it.
    """
    try:
        document = json.loads(file.read_bytes())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise StackError(f"the tenant {file} is not JSON: {error}") from None
    except OSError as error:
        raise StackError(f"the tenant {file} cannot be read: {error.strerror}") from None
    _check(document, file)
    users = document["users"]
    organization = document.get("organization")
    id = organization.get("id") if isinstance(organization, dict) else None
    return Tenant(file, len(users), _somebody(users), id if isinstance(id, str) else "")


def _place(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    return str(file.resolve())


def _check(document: Any, file: Path) -> None:
    if not isinstance(document, dict):
        raise StackError(f"the tenant {file} must be one JSON object with {', '.join(_LISTS)}")
    for name in _LISTS:
        if not isinstance(document.get(name), list):
            raise StackError(f"the tenant {file} must have a list {name!r}")
        for index, resource in enumerate(document[name]):
            if not isinstance(resource, dict) or not isinstance(resource.get("id"), str):
                raise StackError(f"the tenant {file}: {name}[{index}] must be an object with an id")


def _somebody(users: list[dict[str, Any]]) -> str:
    names = [str(user.get("userPrincipalName") or user["id"]) for user in users]
    protagonists = [name for name in names if name.startswith(_PROTAGONIST)]
    return (protagonists or names or ["someone@contoso.com"])[0]
