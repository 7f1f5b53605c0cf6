"""The terms on which everything is decided: the tenant's policy, the controls, and the mode."""

from dataclasses import dataclass, field

from domain.bundle import Bundle
from domain.controls import Controls
from domain.fact import Mode
from domain.tenant_policy import TenantPolicy


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds over all bundles while decisions are made."""

    tenant: TenantPolicy = field(default_factory=TenantPolicy)
    controls: Controls = field(default_factory=Controls)
    mode: Mode = "live"
    """Of the app, by its settings."""

    def mode_of(self, bundle: Bundle) -> Mode:
        """Return whether a bundle's plans are sent or only shown: the most careful setting wins."""
        return "dry-run" if "dry-run" in (self.mode_of_all(), bundle.mode) else "live"

    def mode_of_all(self) -> Mode:
        """Return whether anything at all may be sent."""
        return "dry-run" if "dry-run" in (self.mode, self.tenant.mode) else "live"
