"""Groups: what kind each is, and whether it can be the target of a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Group:
    """An Entra group as inventoried; a property Graph did not send is None or empty."""

    id: str
    name: str
    types: tuple[str, ...] = ()
    mail_enabled: bool = False
    security_enabled: bool = True
    synced: bool = False
    role_assignable: bool = False
    licenses: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """skuId -> ids of the service plans disabled on this group's license."""

    def unfit_as_target(self) -> str | None:
        """Return why people cannot be put into this group by us, with the fix, or None if they can.

        Source: Microsoft Graph docs (group-post-members, group-delete-members) and Entra docs
        (group-based licensing works on groups with securityEnabled=true).
        """
        label = f"Target group {self.name} ({self.id})"
        if "DynamicMembership" in self.types:
            return f"{label} is dynamic: its members follow a rule. Use an assigned group."
        if self.synced:
            return f"{label} is synced from on-premises. Use a cloud group."
        if self.mail_enabled and "Unified" not in self.types:
            return f"{label} is mail-enabled, so Graph cannot write it. Use a plain security group."
        if self.role_assignable:
            return f"{label} can be assigned to roles. Use a group that can not."
        if not self.security_enabled:
            return f"{label} is not security-enabled, so it cannot carry licenses. Use one that is."
        return None
