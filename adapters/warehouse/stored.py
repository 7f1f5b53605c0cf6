"""A snapshot together with what it is on file, which is where the next one begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.warehouse.census import INDEX, INDEXED, LATER, MANAGERS, Census
from adapters.warehouse.edges import Edges
from adapters.warehouse.files import (
    read_groups,
    read_ids,
    read_nested,
    read_products,
    read_rows,
    write_groups,
    write_ids,
    write_nested,
    write_products,
    write_rows,
)
from adapters.warehouse.managers import read_managers, write_managers
from adapters.warehouse.manifest import Manifest
from adapters.warehouse.parts import Part
from adapters.warehouse.rosters import Rosters, merged
from domain.inventory.people import no_rows
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot

GROUPS, MEMBERS, STRANGERS, NESTED = "groups", "memberships", "strangers", "nested"
EDGES = "edges"
"""Memberships that began or ended after the others were written."""
PRODUCTS = "products"

type Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything inventoried."""

    census: Census = field(default_factory=Census.empty)
    rosters: Rosters = field(default_factory=Rosters)
    products: Mapping[str, Product] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    """Kind of fact -> what it is on file."""

    def counts(self) -> dict[str, int]:
        """Return how much of each there is."""
        return {
            "people": len(self.census.ids),
            GROUPS: len(self.rosters.groups),
            MEMBERS: sum(map(len, self.rosters.people.values())),
            PRODUCTS: len(self.products),
        }


@dataclass(frozen=True, slots=True)
class Stored:
    """A snapshot as it is stored."""

    manifest: Manifest
    version: str
    """Of the pointer."""
    facts: Facts
    snapshot: Snapshot

    @classmethod
    def of(cls, manifest: Manifest, version: str, facts: Facts) -> "Stored":
        """Return a snapshot made of these facts."""
        snapshot = Snapshot(
            taken_at=manifest.seen(),
            people=facts.census.people(),
            groups=facts.rosters.groups,
            memberships=facts.rosters.memberships(),
            products=facts.products,
        )
        return cls(manifest, version, facts, snapshot)


def next_facts(
    since: Facts, census: Census, rosters: Rosters, edges: Edges, products: Mapping[str, Product]
) -> Facts:
    """Return the facts after a run, on file as well: what is as it was keeps its file.

    Args:
        since: the facts before.
        census: everyone now.
        rosters: every group now.
        edges: the memberships that the run spoke of.
        products: every product now.
    """
    files = dict(since.files)
    if census is not since.census or INDEX not in files:
        files = _with_people(files, since.census, census)
    anew = census.index is not since.census.index or MEMBERS not in files
    if anew:
        files = {kind: body for kind, body in files.items() if not kind.startswith(EDGES)}
        files[MEMBERS], files[STRANGERS] = write_rows(rosters.people), write_ids(rosters.strangers)
    elif len(edges) or edges.cleared:
        files[_numbered(EDGES, sum(kind.startswith(EDGES) for kind in files))] = edges.write()
    if GROUPS not in files or rosters.groups != since.rosters.groups:
        files[GROUPS] = write_groups(rosters.groups)
    if NESTED not in files or rosters.nested != since.rosters.nested:
        files[NESTED] = write_nested(rosters.nested)
    if PRODUCTS not in files or products != since.products:
        files[PRODUCTS] = write_products(products)
    return Facts(census, rosters, products, files)


def read_facts(files: Files) -> Facts:
    """Return the facts in a snapshot's files."""
    census = _census(files)
    groups, members = read_groups(files[GROUPS]), read_rows(files[MEMBERS])
    base = Rosters(
        groups=groups,
        people={group: members.get(group, no_rows()) for group in groups},
        strangers=read_ids(files[STRANGERS]),
        nested=read_nested(files[NESTED]),
    )
    return Facts(census, _rosters(files, base, census), read_products(files[PRODUCTS]), files)


def _census(files: Files) -> Census:
    managers = read_managers(files[MANAGERS]) if MANAGERS in files else None
    indexed, later = ([Part(files[kind]) for kind in _of(files, p)] for p in (INDEXED, LATER))
    return Census.read(files[INDEX], indexed, later, managers)


def _rosters(files: Files, base: Rosters, census: Census) -> Rosters:
    edges = Edges()
    for kind in _of(files, EDGES):
        edges.read(files[kind])
    if census.ids is census.base and not edges and not edges.cleared:
        return base
    return merged(base, edges, base.groups, base.nested, census.base, census.ids)


def _with_people(files: Files, before: Census, census: Census) -> dict[str, bytes]:
    rest = {k: b for k, b in files.items() if k.partition(".")[0] not in (INDEXED, LATER, MANAGERS)}
    rest[INDEX] = census.index
    rest |= {_numbered(INDEXED, n): part.body for n, part in enumerate(census.indexed)}
    rest |= {_numbered(LATER, n): part.body for n, part in enumerate(census.later)}
    managers = census.columns.managers()
    if managers is not None:
        same = MANAGERS in files and managers is before.columns.managers()
        rest[MANAGERS] = files[MANAGERS] if same else write_managers(managers)
    return rest


def _numbered(kind: str, number: int) -> str:
    return f"{kind}.{number:04}"


def _of(files: Files, kind: str) -> list[str]:
    return sorted(each for each in files if each.partition(".")[0] == kind)
