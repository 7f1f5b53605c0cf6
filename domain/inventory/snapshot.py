"""A complete inventory as of one moment: what every decision rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.inventory.group import Group
from domain.inventory.membership import Memberships
from domain.inventory.people import People
from domain.inventory.product import Product

if TYPE_CHECKING:
    from domain.inventory.persons import Joined

LAG = timedelta(minutes=2)
"""A write this shortly before a read may not show in it: Entra replicates in the background
(Graph docs: group-post-members, "eventual consistency")."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """People, groups, memberships and products as of one moment; complete or not made at all."""

    taken_at: datetime
    """When the reading began: everything written before it is in the snapshot (up to lag)."""
    people: People
    groups: Mapping[str, Group]
    memberships: Memberships
    products: Mapping[str, Product]
    whole: bool = True
    """False for a close-up of a few people: the seats and groups are true, the population is not
    everyone, so shares of a population cannot be told from it."""
    joined: "Joined | None" = None
    """Whose each account is, where the tenant's policy says how to tell."""

    def group_name(self, group: str) -> str:
        """Return a group's name with its id, for people to read."""
        known = self.groups.get(group)
        return f"{known.name} ({group})" if known else group

    def rests_on(self) -> datetime:
        """Return when a whole inventory must have begun to know at least as much as this.

        A close-up reads the newest there is; the delta of an inventory begun shortly after may
        still lag behind it.
        """
        return self.taken_at if self.whole else self.taken_at + LAG
