"""A small tenant in memory: people, groups, members, products, and licenses through groups."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.attributes import MANAGER, SOURCES, canonical
from domain.inventory.group import Group
from domain.inventory.people import Person, Value, empty
from domain.inventory.product import Product
from domain.mapping import PROPERTIES
from domain.outcome import LicenseError, LicenseState
from domain.ports import MembershipLog
from tests.fakes.licensing import Licensing

type Move = tuple[str, str, str | None]
"""Which kind (`people`, `groups`, `managers`), which object, and which member of it, or which
manager, came or went."""


class FakeTenant:
    """What the fakes of Directory and Targets stand on; tests move it by hand.

    Every method that makes something returns its id. Attributes have their rule names.
    """

    def __init__(self, page_size: int = 3, member_slice: int = 3) -> None:
        self.page_size = page_size
        self.member_slice = member_slice
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.moves: list[Move] = []
        self.tokens_of = 0
        self.replays = False
        """Whether most pages of a round come again, behind the one after them."""
        self.rounds: list[tuple[int, list[Any]]] = []
        """The pages of every round that was begun, and of which generation of tokens it is."""
        self.log: dict[str, list[MembershipLog]] = {}
        """What the audit log says of each group."""
        self._products: dict[str, Product] = {}
        self._inside: dict[str, dict[str, None]] = {}
        self._licensing = Licensing()
        self._made = 0

    def add_person(self, name: str = "Ada", id: str | None = None, **attributes: Value) -> str:
        """Add an enabled member with these attributes and no others."""
        person = id or self._new_id()
        known: dict[str, Value] = {
            "objectId": person,
            "displayName": name,
            "userPrincipalName": f"{name.lower().replace(' ', '.')}.{person[-6:]}@example.com",
            "accountEnabled": True,
            "userType": "Member",
        }
        _check(attributes)
        nothing = {name: empty(name) for name in SOURCES}
        self.people[person] = Person(person, nothing | known | attributes)
        self._moved("people", person)
        self._moved_manager(person, attributes.get(MANAGER))
        return person

    def move(self, person: str, **attributes: Value) -> None:
        """Give a person other attributes."""
        _check(attributes)
        was = self.people[person]
        self.people[person] = replace(was, attributes=dict(was.attributes) | attributes)
        self._moved("people", person)
        if attributes.get(MANAGER, was.attributes.get(MANAGER)) != was.attributes.get(MANAGER):
            self._moved_manager(person, was.attributes.get(MANAGER))
            self._moved_manager(person, attributes[MANAGER])

    def remove_person(self, person: str) -> None:
        """Delete a person, who leaves every group and manages nobody any more."""
        del self.people[person]
        for report in list(self.people.values()):
            if report.attributes.get(MANAGER) == person:
                self.move(report.id, manager=None)
        self._gone("people", person)

    def add_group(self, name: str = "Group", id: str | None = None, *members: str) -> str:
        """Add an assigned security group; see `change_group` for any other kind."""
        group = id or self._new_id()
        self.groups[group] = Group(group, name)
        self._inside[group] = {}
        self._moved("groups", group)
        self.join(group, *members)
        return group

    def change_group(self, group: str, **fields: object) -> None:
        """Set fields of the group, named as in `domain.inventory.group.Group`."""
        self.groups[group] = replace(self.groups[group], **fields)  # type: ignore[arg-type]
        self._moved("groups", group)

    def remove_group(self, group: str) -> None:
        """Delete a group."""
        del self.groups[group]
        del self._inside[group]
        self._gone("groups", group)

    def join(self, group: str, *members: str) -> None:
        """Make people or groups members."""
        for member in members:
            if member not in self.people and member not in self.groups:
                raise KeyError(member)
            if member not in self._inside[group]:
                self._inside[group][member] = None
                self._moved("groups", group, member)

    def leave(self, group: str, *members: str) -> None:
        """End memberships."""
        for member in members:
            if member in self._inside[group]:
                del self._inside[group][member]
                self._moved("groups", group, member)

    def members(self, group: str) -> frozenset[str]:
        """Return the people who are direct members of a group."""
        return frozenset(member for member in self._inside[group] if member in self.people)

    def inside(self, group: str) -> tuple[str, ...]:
        """Return all direct members, people and groups, in the order they came."""
        return tuple(self._inside[group])

    def groups_of(self, member: str) -> frozenset[str]:
        """Return the groups that someone or some group is a direct member of."""
        return frozenset(group for group, inside in self._inside.items() if member in inside)

    def add_product(
        self, part_number: str = "PRODUCT", seats: int = 100, consumed: int = 0, **states: int
    ) -> str:
        """Add a product with so many seats, some of them used by licenses not looked at here.

        Args:
            states: seats in other states, by their names in `Product`.
        """
        sku = self._new_id()
        self._products[sku] = Product(sku, part_number, seats, consumed=consumed)
        self._products[sku] = replace(self._products[sku], **states)  # type: ignore[arg-type]
        return sku

    def add_plans(self, sku: str, plans: Mapping[str, str]) -> None:
        """Let a product have these service plans, id -> name."""
        self._products[sku] = replace(self._products[sku], plans=dict(plans))

    def set_seats(self, sku: str, seats: int) -> None:
        """Buy or give back seats; whoever had none is not looked at again by that alone."""
        self._products[sku] = replace(self._products[sku], enabled=seats)

    def products(self) -> Mapping[str, Product]:
        """Return every product with the seats in use now."""
        used = self._licensing.used()
        return {
            sku: replace(product, consumed=product.consumed + used.get(sku, 0))
            for sku, product in self._products.items()
        }

    def license_group(self, group: str, *skus: str) -> None:
        """Give a group licenses, which its direct members get at once."""
        self.change_group(group, licenses=dict.fromkeys(skus, ()))

    def pause_licensing(self) -> None:
        """Let memberships change without licenses following, as when Entra is slow."""
        self._licensing.paused = True

    def resume_licensing(self) -> None:
        """Let the licenses follow."""
        self._licensing.paused = False
        self._license()

    def spoil_license(self, person: str, sku: str, error: LicenseError) -> None:
        """Let Entra fail to give this product to this person from now on."""
        self._licensing.spoilt[person, sku] = error

    def mend_license(self, person: str, sku: str) -> None:
        """Let Entra fail to do so no longer, once it looks again."""
        self._licensing.spoilt.pop((person, sku), None)

    def reprocess(self, person: str) -> None:
        """Look at a person's licenses again."""
        self._licensing.forget_errors(person)
        self._license()

    def assign(self, person: str, sku: str, disabled: Iterable[str] = ()) -> None:
        """Give a person a license directly."""
        self._licensing.direct[person, sku] = frozenset(disabled)
        self.moves.append(("people", person, None))

    def unassign(self, person: str, sku: str) -> None:
        """Take a direct license from a person."""
        self._licensing.direct.pop((person, sku), None)
        self.moves.append(("people", person, None))

    def states(self, person: str) -> tuple[LicenseState, ...]:
        """Return a person's licenses by every route."""
        return tuple(self._licensing.of(person))

    def person(self, person: str) -> Person:
        """Return a person with the products she holds now."""
        held = {state.sku: None for state in self.states(person) if state.active}
        return replace(self.people[person], products=tuple(held))

    def expire_tokens(self) -> None:
        """Let Graph forget every change token it has given."""
        self.tokens_of += 1

    def _gone(self, kind: str, item: str) -> None:
        for group in self.groups_of(item):
            self.leave(group, item)
        self._moved(kind, item)

    def manager(self, person: str) -> str | None:
        """Return the id of a person's manager."""
        manager = self.people[person].attributes.get(MANAGER)
        return manager if isinstance(manager, str) else None

    def _moved_manager(self, person: str, manager: Value) -> None:
        if isinstance(manager, str):
            self._moved("managers", person, manager)

    def _moved(self, kind: str, item: str, member: str | None = None) -> None:
        self.moves.append((kind, item, member))
        self._license()

    def _license(self) -> None:
        for person in self._licensing.follow(self.groups, self._inside, self.people, self.products):
            self.moves.append(("people", person, None))

    def _new_id(self) -> str:
        self._made += 1
        return str(UUID(int=self._made))


def _check(attributes: Mapping[str, Value]) -> None:
    known = {MANAGER, *PROPERTIES}
    unknown = sorted(name for name in attributes if name not in known and canonical(name) != name)
    if unknown:
        raise ValueError(f"no such attribute: {', '.join(unknown)}")
