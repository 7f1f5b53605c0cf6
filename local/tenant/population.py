"""Everyone in the tenant, found by department and by group: what audiences are drawn from."""

from collections import defaultdict
from collections.abc import Iterable

from local.tenant.groups import Resource, group_id


class Population:
    """All users in one order, with their departments and the groups they are in."""

    def __init__(self, users: list[Resource], groups: Iterable[Resource]) -> None:
        self.users = users
        self._members = {group["id"]: group["members"] for group in groups}
        self._circles: dict[str, frozenset[str]] = {}
        self._departments: defaultdict[str | None, list[Resource]] = defaultdict(list)
        for user in users:
            self._departments[user.get("department")].append(user)

    def of(self, *departments: str) -> list[Resource]:
        """Return the users whose department attribute is one of these."""
        return [user for name in departments for user in self._departments[name]]

    def within(self, *groups: str) -> list[Resource]:
        """Return the users in any of these groups, nested ones included."""
        circle = frozenset().union(*(self.circle(name) for name in groups))
        return [user for user in self.users if user["id"] in circle]

    def circle(self, name: str) -> frozenset[str]:
        """Return the ids of the users in the group of this name, nested ones included."""
        if name not in self._circles:
            self._circles[name] = self._follow(group_id(name))
        return self._circles[name]

    def _follow(self, start: str) -> frozenset[str]:
        """Follow nested groups; a ring of groups is walked once."""
        seen = {start}
        ahead = [start]
        while ahead:
            new = [member for member in self._members[ahead.pop()] if member not in seen]
            seen.update(new)
            ahead += [member for member in new if member in self._members]
        return frozenset(seen - self._members.keys())
