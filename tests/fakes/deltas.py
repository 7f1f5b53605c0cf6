"""Rounds of changes and close-ups over a tenant in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.attributes import MANAGER, SOURCES
from domain.errors import Resync
from domain.inventory.people import Person, empty
from domain.ports import CloseUp, GroupChange, GroupsPage, PeoplePage
from domain.ports.directory import ManagerChange
from tests.fakes.tenant import FakeTenant


def since(
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


def checked(token: str | None, also: frozenset[str]) -> str | None:
    """Return a token without the attributes it was given for, which must be these."""
    *names, place = token.split() if token else [*sorted(also), ""]
    if names != sorted(also):
        raise Resync("The change token was given for other attributes.")
    return place or None


def people_page(tenant: FakeTenant, ids: Sequence[str], also: frozenset[str]) -> PeoplePage:
    """Return a page of these people, as they are or gone."""
    names = also - {MANAGER}
    return PeoplePage.of(
        people=tuple(_person(tenant, person, names) for person in ids if person in tenant.people),
        gone=tuple(person for person in ids if person not in tenant.people),
    )


def _person(tenant: FakeTenant, person: str, also: frozenset[str]) -> Person:
    whole = tenant.person(person)
    names = (*SOURCES, *also)
    return replace(
        whole, attributes={name: whole.attributes.get(name, empty(name)) for name in names}
    )


def manager_changes(tenant: FakeTenant, token: str | None) -> Iterator[ManagerChange]:
    """Yield whose manager changed since the token, or everyone's manager."""
    now = {person: tenant.manager(person) for person in tenant.people}
    moved: Mapping[str, Sequence[str]]
    if token is None:
        moved = {person: [manager] for person, manager in now.items() if manager}
    else:
        moved = since(tenant, "managers", token, ())
    for person, managers in moved.items():
        if person in now:
            for manager in dict.fromkeys(managers):
                yield ManagerChange(person, manager, ended=now[person] != manager)


def token_of(tenant: FakeTenant) -> str:
    """Return where the next round begins."""
    return f"{tenant.tokens_of}:{len(tenant.moves)}"


def slices(
    tenant: FakeTenant, group: str, moved: Sequence[str], token: str | None
) -> Iterator[GroupChange]:
    """Yield a group with its members, or those that moved, a slice at a time."""
    inside = tenant.inside(group)
    members = inside if token is None else tuple(dict.fromkeys(moved))
    for part in list(parts(members, tenant.member_slice)) or [()]:
        here = [member for member in part if member in inside]
        away = tuple(member for member in part if member not in inside)
        yield GroupChange(
            group=tenant.groups[group],
            joined=tuple(member for member in here if member in tenant.people),
            left=away,
            nested=tuple(member for member in here if member in tenant.groups),
            unnested=away,
        )


def view(
    tenant: FakeTenant, person: str, also: frozenset[str], *, nesting: bool = True
) -> CloseUp | None:
    """Return a person with her groups."""
    if person not in tenant.people:
        return None
    everywhere = around(tenant, person) if nesting else None
    return CloseUp(_person(tenant, person, also), tenant.groups_of(person), everywhere)


def around(tenant: FakeTenant, member: str) -> frozenset[str]:
    """Return the groups that a person or a group is in, directly or through nesting."""
    waiting = list(tenant.groups_of(member))
    everywhere = set(waiting)
    while waiting:
        outer = tenant.groups_of(waiting.pop()) - everywhere
        everywhere |= outer
        waiting += outer
    return frozenset(everywhere)


def begun[Page: (PeoplePage, GroupsPage)](
    tenant: FakeTenant, pages: Sequence[Page], last: Page, prefix: str = ""
) -> list[Page]:
    """Return a round's pages, each with where the reading goes on behind it, as they were when it
    was begun: what moves meanwhile is told by the next round."""
    told = list(pages)
    for at in range(len(told) if tenant.replays else 0):
        told.insert(2 * at + 1, pages[max(at - 1, 0)])
    place = f"{prefix}page:{len(tenant.rounds)}"
    linked: list[Page] = [
        replace(page, after=f"{place}:{at}") for at, page in enumerate(told, start=1)
    ]
    linked.append(last)
    tenant.rounds.append((tenant.tokens_of, linked))
    return linked


def gone_on_with(tenant: FakeTenant, place: str | None) -> list[Any] | None:
    """Return the rest of a round, or None where the place is not inside of one."""
    if not place or not place.startswith("page:"):
        return None
    number, at = map(int, place.split(":")[1:])
    generation, pages = tenant.rounds[number]
    if generation != tenant.tokens_of:
        raise Resync("The page's token is dead.")
    return pages[at:]


def parts[T](items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in pieces."""
    return (items[start : start + size] for start in range(0, len(items), size))
