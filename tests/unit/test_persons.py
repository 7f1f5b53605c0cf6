"""Accounts of one human: who is joined, who comes first, and that doubt costs nobody anything."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bundle_text import read_files
from domain.decision.difference import differences_of
from domain.errors import BundleError, Held
from domain.inventory.join import Join
from domain.inventory.people import People, people_of
from domain.inventory.persons import Persons, join_people, primaries
from domain.inventory.snapshot import Snapshot
from domain.rule import View
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from tests.unit.office import Office
from tests.unit.worlds import (
    E3,
    NOW,
    bundle,
    granted,
    group,
    guid,
    known,
    person,
    plans,
    revoked,
    snapshot,
)

JOIN = Join(keys=("employeeId", "mail"), admins='user.userPrincipalName -startsWith "adm-"')
TERMS = Terms(tenant=TenantPolicy(join=JOIN))


def account(
    name: str, id: str | None = None, mail: str | None = None, *skus: str, **more: Any
) -> Any:
    more = {"userType": "Member", "userPrincipalName": f"{name}@x", **more}
    return person(name, *skus, employeeId=id, mail=mail, **more)


def joined(*accounts: Any, join: Join = JOIN) -> tuple[People, Persons]:
    people = people_of(accounts)
    return people, join_people(people, join)


def groups_of(people: People, persons: Persons, names: Sequence[str]) -> set[frozenset[str]]:
    rows = {name: int(people.rows((guid(name),))[0]) for name in names}
    return {
        frozenset(name for name in names if persons.of[rows[name]] == persons.of[rows[each]])
        for each in names
    }


def groups(*accounts: Any, names: str, join: Join = JOIN) -> set[frozenset[str]]:
    return groups_of(*joined(*accounts, join=join), names.split())


def of(*parts: str) -> set[frozenset[str]]:
    return {frozenset(part.split()) for part in parts}


def test_accounts_with_one_employee_id_are_of_one_human() -> None:
    accounts = [account("ada", "1", "a@x"), account("adm", "1"), account("ben", "2", "b@x")]
    assert groups(*accounts, names="ada adm ben") == of("ada adm", "ben")


def test_letter_case_and_blanks_tell_nobody_apart() -> None:
    accounts = [account("ada", "E1 ", "a@x"), account("adm", "e1"), account("gst", "  ", "A@X")]
    assert groups(*accounts, names="ada adm gst") == of("ada adm gst")


def test_a_later_key_joins_whoever_lacks_the_earlier_one() -> None:
    accounts = [account("ada", "1", "a@x"), account("gst", None, "a@x"), account("x"), account("y")]
    assert groups(*accounts, names="ada gst x y") == of("ada gst", "x", "y")


def test_a_later_key_never_joins_accounts_that_differ_in_an_earlier_one() -> None:
    accounts = [account("ada", "1", "team@x"), account("ben", "2", "team@x")]
    assert groups(*accounts, names="ada ben") == of("ada", "ben")


def test_an_account_that_points_to_two_humans_joins_neither() -> None:
    accounts = [account("ada", "1", "t@x"), account("ben", "2", "t@x"), account("cyd", None, "t@x")]
    people, persons = joined(*accounts)
    assert groups_of(people, persons, ["ada", "ben", "cyd"]) == of("ada", "ben", "cyd")
    assert people.names(np.flatnonzero(persons.torn).astype(np.int32)) == [guid("cyd")]


def test_two_accounts_with_only_a_mail_address_are_joined_by_it() -> None:
    accounts = [account("ada", None, "a@x"), account("gst", None, "a@x"), account("ben", "2")]
    assert groups(*accounts, names="ada gst ben") == of("ada gst", "ben")


def test_a_value_that_too_many_share_joins_nobody_by_itself() -> None:
    crowd = [account(f"c{n}", "0000", f"c{n}@x") for n in range(11)]
    guest = account("gst", None, "c3@x")
    people, persons = joined(*crowd, guest)
    assert persons.count() == 11
    assert persons.crowded == (1, 0)
    assert groups_of(people, persons, ["c3", "gst", "c4"]) == of("c3 gst", "c4")


def test_a_key_nobody_read_is_unknown_and_not_empty() -> None:
    custom = "extension_0123456789abcdef0123456789abcdef_badge"
    with pytest.raises(Held, match=custom):
        joined(account("ada", "1"), join=Join(keys=(custom,)))


ACCOUNTS = st.lists(
    st.tuples(st.sampled_from([None, "", "1", "2", "3"]), st.sampled_from([None, "a", "b"])),
    min_size=1,
    max_size=7,
)


@given(ACCOUNTS)
def test_whoever_is_joined_differs_in_no_key_they_go_by(values: list[Any]) -> None:
    accounts = [account(f"p{at}", *each) for at, each in enumerate(values)]
    people, persons = joined(*accounts)
    ids = people.column("employeeId")
    for row in range(len(people)):
        known = {ids[int(other)] for other in persons.accounts(row)} - {None, ""}
        assert len(known) <= 1
        assert persons.of[row] in persons.accounts(row)
        if not (ids[row] or people.column("mail")[row]):
            assert persons.accounts(row).tolist() == [row]
    with_id = {ids[row] for row in range(len(people))} - {None, ""}
    for id in with_id:
        rows = [row for row in range(len(people)) if ids[row] == id]
        assert len({int(persons.of[row]) for row in rows}) == 1


@given(ACCOUNTS)
def test_every_human_has_a_primary_account(values: list[Any]) -> None:
    accounts = [
        account(f"p{at}", *each, accountEnabled=at % 2 == 0) for at, each in enumerate(values)
    ]
    people, persons = joined(*accounts)
    view = View(people, snapshot([], {}).memberships, NOW)
    first = primaries(persons, JOIN, view)
    assert set(persons.of[first].tolist()) == set(persons.of.tolist())


def primary_names(*accounts: Any, join: Join = JOIN) -> set[str]:
    people, persons = joined(*accounts, join=join)
    first = primaries(persons, join, View(people, snapshot([], {}).memberships, NOW))
    return {str(people.column("userPrincipalName")[int(row)]) for row in np.flatnonzero(first)}


def test_the_enabled_member_with_a_mail_address_comes_first() -> None:
    accounts = [
        account("ada", "1", "a@x"),
        account("old", "1", "o@x", accountEnabled=False),
        account("gst", "1", "g@y", userType="Guest"),
    ]
    for order in permutations(accounts):
        assert primary_names(*order) == {"ada@x"}


def test_an_admin_account_comes_first_only_where_there_is_no_other() -> None:
    admin = account("adm-ada", "1", "adm@x")
    plain = account("ada", "1", accountEnabled=False)
    assert primary_names(admin, plain) == {"ada@x"}
    assert primary_names(admin) == {"adm-ada@x"}


def test_of_two_equal_accounts_both_come_first() -> None:
    assert len(primary_names(account("ada", "1", "a@x"), account("two", "1", "b@x"))) == 2


def company() -> Snapshot:
    return snapshot(
        [
            account("ada", "1", "a@x"),
            account("adm-ada", "1", None, E3),
            account("svc"),
            account("ben", "2", "b@x", E3),
        ],
        {group("LIC-E3", E3): ["adm-ada", "ben"]},
    )


def test_a_bundle_for_primary_accounts_gives_nothing_to_the_others_of_a_human() -> None:
    e3 = bundle("LIC-E3", accounts="primary")
    world = company()

    (found,), blocked = differences_of([e3], {e3.id: known(e3)}, world, TERMS, NOW)

    assert not blocked
    assert set(world.people.names(found.joining)) == {guid("ada"), guid("svc")}
    assert world.people.names(found.leaving) == [guid("adm-ada")]
    why = found.entitled.why(int(world.people.rows((guid("adm-ada"),))[0]))
    assert why == "not the primary account of this person"


def test_without_a_join_such_a_bundle_is_held() -> None:
    e3 = bundle("LIC-E3", accounts="primary")
    found, blocked = differences_of([e3], {e3.id: known(e3)}, company(), Terms(), NOW)
    assert not found
    assert "needs a join" in blocked[e3.id]


def test_a_join_that_merges_many_is_held_by_the_ordinary_limits() -> None:
    limits = {"revokes": {"percent": 10, "floor": 2}}
    e3 = bundle("LIC-E3", accounts="primary", limits=limits)
    accounts = [account(f"a{n}", str(n // 2), None, E3) for n in range(40)]
    join = Join(keys=("employeeId",), primary=('user.userPrincipalName -match "[02468]@x$"',))
    world = snapshot(accounts, {group("LIC-E3", E3): [f"a{n}" for n in range(40)]})
    terms = Terms(tenant=TenantPolicy(join=join))

    (found,), _ = differences_of([e3], {e3.id: known(e3)}, world, terms, NOW)
    assert len(found.leaving) == 20
    (plan,) = plans(world, e3, terms=terms)
    assert plan.holds


async def test_hints_leave_such_a_bundle_to_the_next_compile_of_everything() -> None:
    office = Office()
    await office.jobs.push({"t.yaml": "tenant: {join: {keys: [employeeId]}}"}, "me", "r")
    e3 = await office.offer("e3", accounts="primary")
    ada = office.tenant.add_person("Ada", department="Sales", employeeId="1", mail="a@x")
    await office.settle()
    assert office.members(e3) == {ada}

    adm = office.tenant.add_person("Adm", department="Sales", employeeId="1")
    office.tenant.move(ada, department="Legal")
    await office.hint(adm, ada)
    assert office.members(e3) == {ada}

    await office.settle()
    assert office.members(e3) == set()
    office.tenant.move(ada, department="Sales")
    await office.settle()
    assert office.members(e3) == {ada}


async def test_explain_shows_the_other_accounts_and_which_comes_first() -> None:
    office = Office()
    await office.jobs.push({"t.yaml": "tenant: {join: {keys: [employeeId]}}"}, "me", "r")
    await office.offer("e3", accounts="primary")
    ada = office.tenant.add_person(
        "Ada", department="Sales", employeeId="1", mail="a@x", userType="Member"
    )
    adm = office.tenant.add_person("Adm", department="Sales", employeeId="1")
    new = await office.jobs.explain(adm)
    assert new
    assert new.accounts
    assert "not in the latest inventory" in new.accounts.unknown
    assert not new.bundles[0].entitled
    await office.settle()

    told = await office.jobs.explain(adm)

    assert told
    assert told.accounts
    assert not told.accounts.primary
    (other,) = told.accounts.others
    assert (other.id, other.by, other.primary) == (ada, "employeeId", True)
    (standing,) = told.bundles
    assert not standing.entitled
    assert standing.why.startswith("not the primary account of this person: that is ")
    herself = await office.jobs.explain(ada)
    assert herself
    assert herself.bundles[0].entitled


async def test_whatif_counts_humans_beside_accounts() -> None:
    office = Office()
    for n in range(4):
        office.tenant.add_person(f"P{n}", department="Sales", employeeId=str(n // 2))
    await office.offer("e3")
    await office.settle()

    effect = await office.jobs.whatif({"t.yaml": "tenant: {join: {keys: [employeeId]}}"})

    (e3,) = effect.bundles
    assert (e3.entitled, e3.persons) == (4, 2)


async def test_a_key_on_demand_is_inventoried_because_the_join_names_it() -> None:
    office = Office()
    text = "tenant: {join: {keys: [person.CostCenter]}}"
    await office.jobs.push({"t.yaml": text}, "me", "r")
    await office.offer("e3")
    await office.settle()
    latest = await office.warehouse.latest()
    assert latest
    assert "employeeOrgData.costCenter" in latest.people.columns


@pytest.mark.parametrize(
    ("join", "words"),
    [
        ("{keys: []}", "at least 1"),
        ("{keys: [employeeNumber]}", "is no attribute with one text for each account"),
        ("{keys: [otherMails]}", "is no attribute with one text for each account"),
        ("{keys: [mail], primary: ['user.memberOf -any (group.objectId -in [\"x\"])']}", "groups"),
        ("{keys: [mail], most: 1}", "2 or more"),
    ],
)
def test_a_join_that_makes_no_sense_is_refused(join: str, words: str) -> None:
    with pytest.raises(BundleError, match=words):
        read_files({"t.yaml": f"tenant:\n  join: {join}\n"})


def test_all_accounts_may_have_a_bundle_that_does_not_say_otherwise() -> None:
    e3 = bundle("LIC-E3")
    (plan,) = plans(company(), e3, terms=TERMS)
    assert granted(plan) == {guid("ada"), guid("svc")}
    assert not revoked(plan)
