"""Object ids: some the same in every generated tenant, the rest drawn from the seed."""

from random import Random
from uuid import UUID, uuid5

_NAMESPACE = UUID("5ea7f10b-0c1d-4c7e-9f6a-2d8b3e4a5c60")


def fixed_id(kind: str, name: str) -> str:
    """Return the id that this named thing has at every size and seed, so that files can name it."""
    return str(uuid5(_NAMESPACE, f"{kind}/{name}"))


def drawn_id(draw: Random) -> str:
    """Return an id drawn from the seed, in the form of a version 4 GUID."""
    return str(UUID(int=draw.getrandbits(128), version=4))


TENANT_ID = fixed_id("tenant", "contoso.com")
DOMAIN = "contoso.com"
INITIAL_DOMAIN = "contoso.onmicrosoft.com"
