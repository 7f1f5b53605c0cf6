"""The staff of the generated tenant: who is hired into which department and reports to whom."""

from dataclasses import dataclass
from random import Random

from local.tenant.cast import CAST, Role
from local.tenant.countries import BY_NAME, Country, pick_country, pick_name
from local.tenant.departments import DEPARTMENTS, SPAN, Department, sizes
from local.tenant.employment import leave_gaps, place, standing, work
from local.tenant.groups import Resource
from local.tenant.identifiers import drawn_id
from local.tenant.mailboxes import Nicknames, addresses


@dataclass(frozen=True, slots=True)
class Employee:
    """A Graph user together with what is true of them even where their attributes are missing."""

    user: Resource
    department: Department
    country: Country


@dataclass(frozen=True, slots=True)
class _Post:
    """A place in a department, to be filled; `role` is kept for a member of the cast."""

    department: Department
    index: int
    size: int
    number: int
    role: Role | None


def hire(count: int, draw: Random, nicknames: Nicknames) -> list[Employee]:
    """Return so many employees: each department's head first, its managers, then the others."""
    staff: list[Employee] = []
    for department, size in zip(DEPARTMENTS, sizes(count), strict=True):
        roles = _roles_by_index(department, size)
        team: list[Employee] = []
        for index in range(size):
            post = _Post(department, index, size, 100_001 + len(staff) + index, roles.get(index))
            team.append(_fill(post, draw, nicknames))
            if index in roles or draw.random() < 0.99:
                _report(team, staff)
        staff += team
    return staff


def _report(team: list[Employee], staff: list[Employee]) -> None:
    """Name the newest one's manager: within the team, or for its head the first one hired."""
    index = len(team) - 1
    if index or staff:
        boss = team[(index - 1) // SPAN] if index else staff[0]
        team[index].user["manager"] = {"id": boss.user["id"]}


def _roles_by_index(department: Department, size: int) -> dict[int, Role]:
    """Seat the cast: heads first, the others last, where nobody reports to them."""
    cast = [role for role in CAST if role.department == department.name]
    heads = [role for role in cast if role.heads]
    others = [role for role in cast if not role.heads]
    return dict(enumerate(heads)) | {size - 1 - i: role for i, role in enumerate(others)}


def _fill(post: _Post, draw: Random, nicknames: Nicknames) -> Employee:
    return _play(post, post.role) if post.role else _recruit(post, draw, nicknames)


def _play(post: _Post, role: Role) -> Employee:
    """Return a member of the cast, the same at every seed."""
    user: Resource = {"id": role.id} | _user(
        post, BY_NAME[role.country], (role.given, role.surname), role.nickname, Random(role.id)
    )
    user |= {
        "jobTitle": role.title,
        "accountEnabled": role.enabled,
        "employeeType": "Employee",
        "employeeHireDate": "2021-03-01T00:00:00Z",
        "createdDateTime": "2021-02-26T07:30:00Z",
    }
    return Employee(user, post.department, BY_NAME[role.country])


def _recruit(post: _Post, draw: Random, nicknames: Nicknames) -> Employee:
    country = pick_country(draw)
    name = pick_name(draw, country)
    user = {"id": drawn_id(draw)} | _user(post, country, name, nicknames.of(*name), draw)
    leave_gaps(user, draw)
    return Employee(user, post.department, country)


def _user(
    post: _Post, country: Country, name: tuple[str, str], nickname: str, draw: Random
) -> Resource:
    given, surname = name
    return {
        "displayName": f"{given} {surname}",
        "givenName": given,
        "surname": surname,
        **addresses(nickname),
        "userType": "Member",
        "jobTitle": post.department.title(post.index, post.size, draw.random()),
        "companyName": "Contoso",
        "employeeId": f"{post.number:06d}",
        **work(post.department),
        **place(country, draw),
        **standing(draw),
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
    }
