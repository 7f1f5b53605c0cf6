"""The directory and the targets in memory, over one tenant."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from domain.attributes import MANAGER
from domain.change import Action, Change
from domain.errors import Later, Never
from domain.inventory.group import Group
from domain.inventory.people import Person
from domain.inventory.product import Product
from domain.outcome import Applied, LicenseState, Outcome, Postponed, Refused
from domain.ports import CloseUp, GroupsPage, MembershipLog, PeoplePage
from tests.fakes.deltas import (
    around,
    begun,
    checked,
    gone_on_with,
    manager_changes,
    parts,
    people_page,
    since,
    slices,
    token_of,
    view,
)
from tests.fakes.faults import Faulty, can_fail
from tests.fakes.tenant import FakeTenant


class FakeDirectory(Faulty):
    """The Directory port in memory, in small pages; managers come on other pages than people.

    `fail_next("people")` fails the next page that is asked for, which need not be the first;
    with `before=False` everything comes but the last page, the one with the token.
    """

    def __init__(self, tenant: FakeTenant) -> None:
        super().__init__()
        self.tenant = tenant

    async def people(
        self, token: str | None, also: frozenset[str] = frozenset()
    ) -> AsyncGenerator[PeoplePage]:
        token = checked(token, also)
        pages = gone_on_with(self.tenant, token) or self._people(token, also)
        async for page in self._round("people", pages):
            yield page

    async def groups(self, token: str | None) -> AsyncGenerator[GroupsPage]:
        pages = gone_on_with(self.tenant, token) or self._groups(token)
        async for page in self._round("groups", pages):
            yield page

    def _people(self, token: str | None, also: frozenset[str]) -> list[PeoplePage]:
        tenant, names = self.tenant, "".join(f"{name} " for name in sorted(also))
        moved = list(since(tenant, "people", token, tenant.people))
        pages = [people_page(tenant, part, also) for part in parts(moved, tenant.page_size)]
        if MANAGER in also:
            managers = manager_changes(tenant, token)
            pages += [PeoplePage(managers=(change,)) for change in managers]
        return begun(tenant, pages, PeoplePage(token=names + token_of(tenant)), names)

    def _groups(self, token: str | None) -> list[GroupsPage]:
        tenant = self.tenant
        moved = since(tenant, "groups", token, tenant.groups)
        present = [group for group in moved if group in tenant.groups]
        changes = [
            piece for group in present for piece in slices(tenant, group, moved[group], token)
        ]
        pages = [GroupsPage(groups=tuple(part)) for part in parts(changes, tenant.page_size)]
        gone = tuple(group for group in moved if group not in tenant.groups)
        return begun(tenant, pages, GroupsPage(gone=gone, token=token_of(tenant)))

    @can_fail
    async def products(self) -> Mapping[str, Product]:
        return self.tenant.products()

    @can_fail
    async def find_groups(self, ids: Iterable[str]) -> Mapping[str, Group]:
        return {group: self.tenant.groups[group] for group in ids if group in self.tenant.groups}

    @can_fail
    async def persons(
        self, ids: Sequence[str], also: frozenset[str] = frozenset()
    ) -> Mapping[str, Person]:
        found = {person: view(self.tenant, person, also - {MANAGER}) for person in ids}
        return {person: seen.person for person, seen in found.items() if seen}

    @can_fail
    async def outer_groups(self, ids: Iterable[str]) -> Mapping[str, frozenset[str] | None]:
        groups = self.tenant.groups
        return {each: around(self.tenant, each) if each in groups else None for each in ids}

    @can_fail
    async def count_members(self, group: str) -> int:
        if group not in self.tenant.groups:
            raise Never("There is no such group.")
        return len(self.tenant.inside(group))

    @can_fail
    async def close_up(
        self, ids: Sequence[str], also: frozenset[str] = frozenset(), *, nesting: bool = True
    ) -> Mapping[str, CloseUp | None]:
        return {person: view(self.tenant, person, also, nesting=nesting) for person in ids}

    @can_fail
    async def find_person(self, name: str) -> str | None:
        for attribute in ("objectId", "userPrincipalName", "mail"):
            found = [
                person.id
                for person in self.tenant.people.values()
                if str(person.attributes[attribute]).lower() == name.lower()
            ]
            if len(found) > 1:
                raise Never("Several people have this mail address.", "Use the object id.")
            if found:
                return found[0]
        return None

    @can_fail
    async def licenses(
        self, target: str, people: Sequence[str]
    ) -> Mapping[str, tuple[LicenseState, ...] | None]:
        tenant = self.tenant
        return {
            person: tenant.states(person) if person in tenant.people else None for person in people
        }

    @can_fail
    async def membership_log(self, group: str, since: datetime) -> Sequence[MembershipLog]:
        return [each for each in self.tenant.log.get(group, ()) if each.at >= since]

    async def _round[Page](self, call: str, pages: Sequence[Page]) -> AsyncGenerator[Page]:
        late = None
        for number, page in enumerate(pages, start=1):
            fault = self._due(call)
            if fault and fault.before:
                raise fault.error
            late = late or fault
            if late and number == len(pages):
                raise late.error
            yield page


class FakeTargets(Faulty):
    """The Targets port in memory.

    A `Later` or `Never` ordered with `fail_next` becomes everyone's outcome, as it does with
    Graph; anything else is raised.
    """

    def __init__(self, tenant: FakeTenant) -> None:
        super().__init__()
        self.tenant = tenant
        self._answers: dict[str, list[Outcome]] = {}

    def answer(self, person: str, *outcomes: Outcome) -> None:
        """Let the next changes for a person end so, without effect."""
        self._answers.setdefault(person, []).extend(outcomes)

    async def carry_out(
        self,
        target: str,
        changes: Sequence[Change],
        *,
        urgent: bool = False,
        reserved: bool = False,
    ) -> Mapping[str, Outcome]:
        actions = {change.person: change.action for change in changes}
        again = {change.person for change in changes if change.inside}
        fault = self._due("carry_out")
        if fault and fault.before:
            return dict.fromkeys(actions, _outcome_of(fault.error))
        ordered = sorted(actions.items(), key=lambda item: item[1] is Action.GRANT)
        outcomes = {
            person: self._again(person) if person in again else self._one(target, person, action)
            for person, action in ordered
        }
        return dict.fromkeys(actions, _outcome_of(fault.error)) if fault else outcomes

    async def reprocess(self, people: Sequence[str]) -> Mapping[str, Outcome]:
        return self._one_by_one("reprocess", people, self._again)

    async def take_direct(self, people: Mapping[str, Sequence[str]]) -> Mapping[str, Outcome]:
        def take(person: str) -> Outcome:
            if not all(map(_is_id, (person, *people[person]))):
                return Refused("This is not an id.", "Use the id.")
            held = {state.sku for state in self.tenant.states(person) if state.group is None}
            for sku in people[person]:
                self.tenant.unassign(person, sku)
            return Applied() if held.intersection(people[person]) else Applied("already so")

        return self._one_by_one("take_direct", people, take)

    async def license(self, target: str, licenses: Mapping[str, Sequence[str]]) -> Outcome:
        def give(target: str) -> Outcome:
            group = self.tenant.groups.get(target)
            if group is None:
                return Refused("The group does not exist.", "Create it, or name another target.")
            if not licenses:
                return Applied("already so")
            if unknown := licenses.keys() - self.tenant.products().keys():
                return Refused(f"The tenant does not have {min(unknown)}.", "Buy the product.")
            plans = {sku: tuple(sorted(disabled)) for sku, disabled in licenses.items()}
            self.tenant.change_group(target, licenses={**group.licenses, **plans})
            return Applied()

        return self._one_by_one("license", [target], give)[target]

    def _one_by_one(
        self, call: str, items: Iterable[str], do: Callable[[str], Outcome]
    ) -> dict[str, Outcome]:
        fault = self._due(call)
        if fault and fault.before:
            return dict.fromkeys(items, _outcome_of(fault.error))
        outcomes = {item: do(item) for item in items}
        return dict.fromkeys(outcomes, _outcome_of(fault.error)) if fault else outcomes

    def _again(self, person: str) -> Outcome:
        if person not in self.tenant.people:
            return Refused("The person is not in the directory.", "Restore her account.")
        self.tenant.reprocess(person)
        return Applied("looked at again")

    def _one(self, target: str, person: str, action: Action) -> Outcome:
        if self._answers.get(person):
            return self._answers[person].pop(0)
        refused = self._refusal(target, person, action)
        if refused:
            return refused
        if (person in self.tenant.members(target)) is (action is Action.GRANT):
            return Applied("already so")
        if action is Action.GRANT:
            self.tenant.join(target, person)
        elif person in self.tenant.members(target):
            self.tenant.leave(target, person)
        return Applied()

    def _refusal(self, target: str, person: str, action: Action) -> Refused | None:
        if not _is_id(target) or not _is_id(person):
            return Refused("This is not an object id.", "Use the object id.")
        if target not in self.tenant.groups:
            return Refused("The group does not exist.", "Create it, or name another target.")
        unfit = self.tenant.groups[target].unfit_as_target()
        if unfit:
            return Refused(unfit, "Use an assigned cloud security group.")
        if action is Action.GRANT and person not in self.tenant.people:
            return Refused("The person is not in the directory.", "Restore her account.")
        return None


def _outcome_of(error: Exception) -> Outcome:
    if isinstance(error, Later):
        return Postponed(error.after, str(error))
    if isinstance(error, Never):
        return Refused(error.reason, error.fix)
    raise error


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
