"""The directory and the targets in memory, over one tenant."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from domain.attributes import MANAGER, SOURCES
from domain.change import Action, Change
from domain.errors import Later, Never, Resync
from domain.group import Group
from domain.outcome import Applied, LicenseState, Outcome, Postponed, Refused
from domain.people import Person, empty
from domain.ports import CloseUp, GroupChange, GroupsPage, PeoplePage
from domain.ports.directory import ManagerChange
from domain.product import Product
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
    ) -> AsyncIterator[PeoplePage]:
        tenant = self.tenant
        token = _checked(token, also)
        moved = list(_since(tenant, "people", token, tenant.people))
        pages = [_people_page(tenant, part, also) for part in _parts(moved, tenant.page_size)]
        if MANAGER in also:
            managers = _manager_changes(tenant, token)
            pages += [PeoplePage(managers=(change,)) for change in managers]
        last = PeoplePage(token=" ".join([*sorted(also), _token(tenant)]))
        async for page in self._round("people", [*pages, last]):
            yield page

    async def groups(self, token: str | None) -> AsyncIterator[GroupsPage]:
        tenant = self.tenant
        moved = _since(tenant, "groups", token, tenant.groups)
        present = [group for group in moved if group in tenant.groups]
        changes = [
            piece for group in present for piece in _slices(tenant, group, moved[group], token)
        ]
        pages = [GroupsPage(groups=tuple(part)) for part in _parts(changes, tenant.page_size)]
        gone = tuple(group for group in moved if group not in tenant.groups)
        last = GroupsPage(gone=gone, token=_token(tenant))
        async for page in self._round("groups", [*pages, last]):
            yield page

    @can_fail
    async def products(self) -> Mapping[str, Product]:
        return self.tenant.products()

    @can_fail
    async def find_groups(self, ids: Iterable[str]) -> Mapping[str, Group]:
        return {group: self.tenant.groups[group] for group in ids if group in self.tenant.groups}

    @can_fail
    async def close_up(
        self, ids: Sequence[str], also: frozenset[str] = frozenset()
    ) -> Mapping[str, CloseUp | None]:
        return {person: _view(self.tenant, person, also) for person in ids}

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

    async def _round[Page](self, call: str, pages: Sequence[Page]) -> AsyncIterator[Page]:
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

    async def carry_out(self, target: str, changes: Sequence[Change]) -> Mapping[str, Outcome]:
        actions = {change.person: change.action for change in changes}
        fault = self._due("carry_out")
        if fault and fault.before:
            return dict.fromkeys(actions, _outcome_of(fault.error))
        ordered = sorted(actions.items(), key=lambda item: item[1] is Action.GRANT)
        outcomes = {person: self._one(target, person, action) for person, action in ordered}
        return dict.fromkeys(actions, _outcome_of(fault.error)) if fault else outcomes

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


def _since(
    tenant: FakeTenant, kind: str, token: str | None, everything: Iterable[str]
) -> Mapping[str, list[str]]:
    """Return what moved since the token, each with the members that moved in it."""
    if token is None:
        return {item: [] for item in everything}
    generation, _, start = token.partition(":")
    if generation != str(tenant.tokens_of):
        raise Resync("The change token is dead.")
    moved: dict[str, list[str]] = {}
    for moved_kind, item, member in tenant.moves[int(start) :]:
        if moved_kind == kind:
            moved.setdefault(item, []).extend([member] if member else [])
    return moved


def _checked(token: str | None, also: frozenset[str]) -> str | None:
    """Return a token without the attributes it was given for, which must be these."""
    *names, place = token.split() if token else [*sorted(also), ""]
    if names != sorted(also):
        raise Resync("The change token was given for other attributes.")
    return place or None


def _people_page(tenant: FakeTenant, ids: Sequence[str], also: frozenset[str]) -> PeoplePage:
    names = also - {MANAGER}
    return PeoplePage(
        people=tuple(_person(tenant, person, names) for person in ids if person in tenant.people),
        gone=tuple(person for person in ids if person not in tenant.people),
    )


def _person(tenant: FakeTenant, person: str, also: frozenset[str]) -> Person:
    whole = tenant.person(person)
    names = (*SOURCES, *also)
    return replace(
        whole, attributes={name: whole.attributes.get(name, empty(name)) for name in names}
    )


def _manager_changes(tenant: FakeTenant, token: str | None) -> Iterator[ManagerChange]:
    """Yield whose manager changed since the token, or everyone's manager."""
    now = {person: tenant.manager(person) for person in tenant.people}
    moved: Mapping[str, Sequence[str]]
    if token is None:
        moved = {person: [manager] for person, manager in now.items() if manager}
    else:
        moved = _since(tenant, "managers", token, ())
    for person, managers in moved.items():
        if person in now:
            for manager in dict.fromkeys(managers):
                yield ManagerChange(person, manager, ended=now[person] != manager)


def _token(tenant: FakeTenant) -> str:
    return f"{tenant.tokens_of}:{len(tenant.moves)}"


def _slices(
    tenant: FakeTenant, group: str, moved: Sequence[str], token: str | None
) -> Iterator[GroupChange]:
    inside = tenant.inside(group)
    members = inside if token is None else tuple(dict.fromkeys(moved))
    for part in list(_parts(members, tenant.member_slice)) or [()]:
        here = [member for member in part if member in inside]
        away = tuple(member for member in part if member not in inside)
        yield GroupChange(
            group=tenant.groups[group],
            joined=tuple(member for member in here if member in tenant.people),
            left=away,
            nested=tuple(member for member in here if member in tenant.groups),
            unnested=away,
        )


def _view(tenant: FakeTenant, person: str, also: frozenset[str]) -> CloseUp | None:
    if person not in tenant.people:
        return None
    direct = tenant.groups_of(person)
    everywhere = set(direct)
    waiting = list(direct)
    while waiting:
        outer = tenant.groups_of(waiting.pop()) - everywhere
        everywhere |= outer
        waiting += outer
    return CloseUp(_person(tenant, person, also), direct, frozenset(everywhere))


def _outcome_of(error: Exception) -> Outcome:
    if isinstance(error, Later):
        return Postponed(error.after, str(error))
    if isinstance(error, Never):
        return Refused(error.reason, error.fix)
    raise error


def _parts[T](items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
