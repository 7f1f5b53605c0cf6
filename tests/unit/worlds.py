"""Small worlds with people one remembers: builders for snapshots, bundles and what is known."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.decision.compile import compile_plans
from domain.decision.difference import differences_of
from domain.decision.known import Known
from domain.head import Head
from domain.inventory.group import Group
from domain.inventory.membership import Memberships
from domain.inventory.people import Person, people_of
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ledger import Leave, Page, Row, Wait
from domain.plan import Plan
from domain.terms import Terms

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
E5 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06"


def guid(name: str) -> str:
    """Return the same object id for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def person(name: str, *products: str, **attributes: Any) -> Person:
    return Person(
        guid(name), {"objectId": guid(name), "accountEnabled": True, **attributes}, products
    )


def product(
    sku: str,
    seats: int = 1000,
    consumed: int = 0,
    warning: int = 0,
    plans: Mapping[str, str] | None = None,
) -> Product:
    name = {E3: "SPE_E3", E5: "SPE_E5"}[sku]
    return Product(sku, name, seats, warning, consumed, plans or {})


def group(name: str, *skus: str, **kind: Any) -> Group:
    return Group(guid(name), name, licenses=dict.fromkeys(skus, ()), **kind)


def snapshot(
    people: Sequence[Person],
    groups: Mapping[Group, Iterable[str]],
    products: Sequence[Product] | None = None,
    *,
    whole: bool = True,
    taken_at: datetime = NOW,
) -> Snapshot:
    """Make a snapshot; a group's members are names of people or of other groups."""
    columns = people_of(people)
    by_name = {each.name: each for each in groups}
    rows = {}
    nested = {}
    for each, members in groups.items():
        names = list(members)
        inner = tuple(by_name[name].id for name in names if name in by_name)
        nested[each.id] = inner
        rows[each.id] = columns.rows([guid(name) for name in names if name not in by_name])
    listed = [product(E3), product(E5)] if products is None else products
    return Snapshot(
        taken_at,
        columns,
        {each.id: each for each in groups},
        Memberships(rows, nested),
        {each.sku: each for each in listed},
        whole,
    )


def bundle(target: str, sku: str = E3, name: str | None = None, **fields: Any) -> Bundle:
    """Make a bundle over a license group, by default for everyone whose account is enabled."""
    document = {
        "id": name or target.lower(),
        "name": target,
        "target": {"group": guid(target)},
        "products": [{"sku": sku}],
        "policy": {"rule": "user.accountEnabled -eq true"},
        "unmanaged": "remove",
        "limits": {"revokes": {"percent": 100}, "grants": {"percent": None}},
        **fields,
    }
    return Bundle.model_validate(document)


def known(
    of: Bundle | str,
    *,
    pages: Sequence[Page] = (),
    rows: Sequence[Row] = (),
    waiting: Sequence[Wait] = (),
    leaving: Sequence[Leave] = (),
    adopted: Iterable[str] = (),
    head: Head | None = None,
) -> Known:
    each = bundle("LIC-E3", name=of) if isinstance(of, str) else of
    return Known(
        bundle=each,
        head=head or Head(each.id),
        pages=pages,
        waiting={wait.person: wait for wait in waiting},
        leaving={leave.person: leave for leave in leaving},
        rows={row.person: row for row in rows},
        adopted=frozenset(adopted),
    )


def on_its_way(of: str, person_id: str, action: Action = Action.GRANT) -> Page:
    """Return an open page of a bundle with one person's change."""
    changes = (Change(action, person_id, "because"),)
    return Page(f"{of}.1.0", of, guid("target"), 1, "", "", changes, NOW, NOW, NOW)


def plans(
    world: Snapshot,
    *bundles: Bundle,
    facts: Mapping[str, Known] | None = None,
    terms: Terms | None = None,
    now: datetime = NOW,
) -> list[Plan]:
    """Compile these bundles; `facts` is what the ledger knows, by bundle."""
    given = facts or {}
    all_facts = {each.id: replace(given.get(each.id, known(each)), bundle=each) for each in bundles}
    terms = terms or Terms()
    differences, blocked = differences_of(bundles, all_facts, world, terms, now)
    assert not blocked
    return compile_plans(differences, all_facts, world, terms, now)


def spared(plan: Plan) -> dict[str, str]:
    """Return who is spared a change, by id, and why."""
    return {each.person: each.reason for each in plan.spared}


def members_of(plan: Plan, action: Action) -> set[str]:
    """Return the people to whom a plan does this."""
    return {change.person for change in plan.changes if change.action is action}


def granted(plan: Plan) -> set[str]:
    return members_of(plan, Action.GRANT)


def revoked(plan: Plan) -> set[str]:
    return members_of(plan, Action.REVOKE)
