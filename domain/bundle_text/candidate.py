"""A candidate: what a set of policy files says, and where each part of it stands."""

from dataclasses import dataclass

import yaml

from domain.bundle import Bundle
from domain.bundle_text.place import Place, Step
from domain.tenant_policy import TenantPolicy


@dataclass(frozen=True, slots=True)
class Placed:
    """A bundle and the document it was read from."""

    bundle: Bundle
    source: str
    node: yaml.Node | None = None

    def at(self, *path: Step) -> str:
        """Return `file:line` of a field such as ("products", 0, "sku"), or of what is around it."""
        return Place(self.source, self.node).at(*path)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The bundles of a set of files, and the tenant's own policy where one of them has it."""

    bundles: tuple[Placed, ...]
    tenant: TenantPolicy | None = None
    tenant_place: Place | None = None

    def tenant_at(self, *path: Step) -> str:
        """Return `file:line` of a field of the tenant's policy, "" where there is none."""
        return self.tenant_place.at("tenant", *path) if self.tenant_place else ""

    def get(self, bundle: str) -> Placed | None:
        """Return one bundle by its id."""
        return next((placed for placed in self.bundles if placed.bundle.id == bundle), None)
