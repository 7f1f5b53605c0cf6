"""Verified domains, as the organization lists them: so they need no permission of their own."""

from datetime import timedelta
from typing import Annotated, NamedTuple

from domain.kinds.kind import Kind, columns_of


class Domain(NamedTuple):
    """A verified domain."""

    name: Annotated[str, "the domain"]
    default: Annotated[bool | None, "whether new people get addresses in it"]
    initial: Annotated[bool | None, "whether the tenant came with it"]
    type: Annotated[str | None, "`Managed` or `Federated`"]
    capabilities: Annotated[tuple[str, ...], "services it serves, such as `Email`"]


KIND = Kind(
    name="domains",
    what="verified domains",
    columns=columns_of(Domain),
    permissions=("User.Read.All",),
    every=timedelta(hours=24),
    on=True,
)
