"""Who calls, and what each may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a caller may do; everybody who has a role may read. None contains another."""

    READER = "Reader"
    """Look."""
    OPERATOR = "Operator"
    """Pause, protect, run, try again."""
    APPROVER = "Approver"
    """Say yes or no to what a guard holds, and undo."""
    POLICY_ADMIN = "PolicyAdmin"
    """Store policy."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is let in."""

    name: str
    """Empty where nobody says it."""
    roles: frozenset[Role]
    vouched: bool = True
    """Whether it is more than the caller's own word."""

    def may(self, role: Role) -> bool:
        """Tell whether the caller may do what needs this role."""
        return role in self.roles or (role is Role.READER and bool(self.roles))


EVERYTHING = frozenset(Role)


def roles_in(names: Iterable[str]) -> frozenset[Role]:
    """Return the roles among names; others are of no use here."""
    known = {role.value: role for role in Role}
    return frozenset(known[name] for name in names if name in known)
