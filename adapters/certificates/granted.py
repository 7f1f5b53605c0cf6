"""Which machine may do what, as the setting says it.

    build.contoso.com=PolicyAdmin; sha256:9F86…=Reader+Operator

A name is a DNS name or mail address in the certificate, which then has to come from one of our
authorities; a thumbprint is that one certificate, whoever made it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.caller import Role, roles_in

type Roles = frozenset[Role]

_THUMBPRINT = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Granted:
    """The roles of machines."""

    names: Mapping[str, Roles]
    """In lower case."""
    thumbprints: Mapping[str, Roles]
    """SHA-256 in lower-case hexadecimal."""


def read_granted(text: str) -> Granted:
    """Read the setting.

    Raises:
        ValueError: an entry makes no sense; the message says which and why.
    """
    names: dict[str, Roles] = {}
    thumbprints: dict[str, Roles] = {}
    for entry in filter(None, (each.strip() for each in text.split(";"))):
        name, roles = _entry(entry)
        thumbprint = _THUMBPRINT.fullmatch(name.replace(":", "").replace("sha256", "sha256:", 1))
        if thumbprint:
            thumbprints[thumbprint[1]] = roles
        elif ":" in name:
            raise ValueError(f"{name!r} is no thumbprint: expected sha256: and 64 digits")
        else:
            names[name] = roles
    return Granted(names, thumbprints)


def _entry(entry: str) -> tuple[str, Roles]:
    name, equals, said = (part.strip() for part in entry.partition("="))
    asked = [role.strip() for role in said.split("+")]
    roles = roles_in(asked)
    if not name or not equals or len(roles) != len(set(asked)):
        raise ValueError(f"{entry!r}: expected NAME=Role+Role, of {', '.join(Role)}")
    return name.lower(), roles
