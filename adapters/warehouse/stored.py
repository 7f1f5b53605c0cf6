"""A snapshot together with what it is on file, which is where the next one begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.warehouse.census import Census
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
from adapters.warehouse.manifest import Manifest
from adapters.warehouse.rosters import Rosters
from domain.people import no_rows
from domain.product import Product
from domain.snapshot import Snapshot

PEOPLE, HOLDINGS = "people", "holdings"
GROUPS, MEMBERS, STRANGERS, NESTED = "groups", "memberships", "strangers", "nested"
PRODUCTS = "products"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything inventoried."""

    census: Census = field(default_factory=Census.empty)
    rosters: Rosters = field(default_factory=Rosters)
    products: Mapping[str, Product] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how much of each there is."""
        return {
            PEOPLE: len(self.census.ids),
            GROUPS: len(self.rosters.groups),
            MEMBERS: sum(map(len, self.rosters.people.values())),
            PRODUCTS: len(self.products),
        }

    def files(self, since: "Facts | None") -> dict[str, bytes]:
        """Return the files to write: of every kind of fact that is not the same as before."""
        files: dict[str, bytes] = {}
        if since is None or self.census is not since.census:
            files |= {PEOPLE: self.census.columns.body, HOLDINGS: write_rows(self.census.holding)}
        if since is None or self.rosters is not since.rosters:
            files |= {
                GROUPS: write_groups(self.rosters.groups),
                MEMBERS: write_rows(self.rosters.people),
                STRANGERS: write_ids(self.rosters.strangers),
                NESTED: write_nested(self.rosters.nested),
            }
        if since is None or self.products != since.products:
            files[PRODUCTS] = write_products(self.products)
        return files


@dataclass(frozen=True, slots=True)
class Stored:
    """The latest snapshot as it is stored."""

    manifest: Manifest
    version: str
    """Of the pointer."""
    facts: Facts
    snapshot: Snapshot

    @classmethod
    def of(cls, manifest: Manifest, version: str, facts: Facts) -> "Stored":
        """Return a snapshot made of these facts."""
        snapshot = Snapshot(
            taken_at=manifest.moment(),
            people=facts.census.people(),
            groups=facts.rosters.groups,
            memberships=facts.rosters.memberships(),
            products=facts.products,
        )
        return cls(manifest, version, facts, snapshot)


def read_facts(files: Mapping[str, bytes]) -> Facts:
    """Return the facts in a snapshot's files."""
    groups, members = read_groups(files[GROUPS]), read_rows(files[MEMBERS])
    rosters = Rosters(
        groups=groups,
        people={group: members.get(group, no_rows()) for group in groups},
        strangers=read_ids(files[STRANGERS]),
        nested=read_nested(files[NESTED]),
    )
    census = Census.read(files[PEOPLE], read_rows(files[HOLDINGS]))
    return Facts(census, rosters, read_products(files[PRODUCTS]))
