"""A tenant of any size, laid out in columns: quick, the same every time, and no person an object.

It is written twice: as the warehouse stores a snapshot, and as a database likes to have it, with
numbers for keys and in row groups that two threads can share. Who is entitled is asked of the
database once, so that a hundredth of the holders leave and as many join.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from adapters.warehouse.cells import TEXT, type_of
from adapters.warehouse.census import Census
from adapters.warehouse.edges import Edges
from adapters.warehouse.parts import ROWS, Part, holding, table_of, write_index, write_part
from adapters.warehouse.rosters import Rosters
from adapters.warehouse.stored import Facts, next_facts
from benchmarks.world.bundles import CONTESTED, Offer, offers, sku_id
from domain.attributes import SOURCES
from domain.inventory.group import Group
from domain.inventory.product import Product

SNAPSHOT, DATABASE = "snapshot", "database"


def _words(text: str) -> list[str]:
    return text.split()


_GIVEN = _words(
    "Alan Amara Bianca Boris Carla Chen Dana Dilan Elena Emil Farid Freya Gita Goran Hana Hugo "
    "Ines Ivan Jana Joao Kaito Klara Lena Liam Mara Milan Nadia Nils Olga Omar Paula Pavel "
    "Quinn Rana Rafael Sonja Stefan Tara Tomas Uma Ulrich Vera Viktor Wanda Wen Xenia Yara "
    "Yusuf Zoe"
)
_SURNAMES = _words(
    "Andersson Baker Costa Diaz Eriksson Fischer Garcia Hansen Ito Johnson Kowalski Larsen "
    "Moreau Nguyen Olsen Patel Quist Rossi Schmidt Thompson Ueda Varga Williamson Xu Young "
    "Zimmermann"
)
_FIELDS = _words("Sales Marketing Research Support Finance Legal Operations Purchasing")
_REGIONS = _words("EMEA APAC Americas Nordics Global")
_GRADES = _words("Trainee Junior Senior Lead Principal")
_JOBS = _words(
    "Representative Manager Engineer Analyst Assistant Architect Designer Accountant Technician "
    "Planner"
)
_COUNTRIES = _words("US CA GB DE FR IN PL BR MX AR NO SE DK FI NL BE ES IT PT CH AT CZ JP AU")
_CITIES = _words("Oslo Seattle Toronto London Berlin Paris Pune Warsaw Bergen Madrid Rome Osaka")
_COMPANIES = ("Contoso Ltd", "Contoso Labs", "Fabrikam", "Northwind", "Tailspin")
_OFFICES = _words("emea apac corp labs na dev ops field hq it")


def write_world(people: int, folder: Path) -> None:
    """Write a tenant of so many people into a folder."""
    random = np.random.default_rng(1)
    ids = _ids(people, random)
    columns = _columns(ids, random)
    (folder / DATABASE).mkdir(parents=True)
    (folder / SNAPSHOT).mkdir()
    _write_people_table(ids, columns, folder / DATABASE)
    sources, targets = _members(people, folder / DATABASE, random)
    _write_edges(sources, folder / DATABASE / "memberships.parquet")
    _write_edges(targets, folder / DATABASE / "holders.parquet")
    for kind, body in _facts(ids, columns, sources, targets).files.items():
        (folder / SNAPSHOT / f"{kind}.parquet").write_bytes(body)


def _ids(people: int, random: np.random.Generator) -> NDArray[np.bytes_]:
    """Return GUIDs, sorted."""
    digits = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), "S2")
    hexed = digits[random.integers(0, 256, (people, 16), np.uint8)].view("S32").ravel()
    signs = hexed.view(np.uint8).reshape(people, 32)
    text = np.full((people, 36), ord("-"), np.uint8)
    for start, end, at in ((0, 8, 0), (8, 12, 9), (12, 16, 14), (16, 20, 19), (20, 32, 24)):
        text[:, at : at + end - start] = signs[:, start:end]
    return np.sort(text.view("S36").ravel())


def _columns(ids: NDArray[np.bytes_], random: np.random.Generator) -> dict[str, Any]:
    """Return every attribute that is inventoried, as on file; many are empty for everyone."""
    people = len(ids)
    given, surname = _pick(_GIVEN, people, random), _pick(_SURNAMES, people, random)
    number = pa.array(random.permutation(people)).cast(pa.string())
    domain = _pick([f"{office}.contoso.com" for office in _OFFICES], people, random)
    nick = _join("", pc.utf8_lower(_join(".", given, surname)), number)
    mail = _join("@", nick, domain)
    filled: dict[str, Any] = {
        "objectId": pa.array(ids.astype("U36")),
        "userPrincipalName": mail,
        "mail": pc.if_else(_share(0.95, people, random), mail, None),
        "mailNickName": nick,
        "displayName": _join(" ", given, surname, number),
        "givenName": given,
        "surname": surname,
        "employeeId": _join("", pa.array(["E"] * people), number),
        "department": _holes(_cross(_FIELDS, _REGIONS), people, random),
        "jobTitle": _holes(_cross(_GRADES, _JOBS), people, random),
        "country": _holes(_COUNTRIES, people, random),
        "city": _holes(_CITIES, people, random),
        "companyName": _pick(_COMPANIES, people, random),
        "usageLocation": _pick(_COUNTRIES, people, random),
        "userType": _pick(("Member", "Member", "Member", "Guest"), people, random),
        "extensionAttribute1": _pick([f"G{n}" for n in range(10, 20)], people, random),
        "extensionAttribute2": _pick([f"G{n}" for n in range(20, 30)], people, random),
        "employeeHireDate": _pick(_days(), people, random),
        "proxyAddresses": _join("", pa.array(["SMTP:"] * people), mail),
    }
    columns = {name: pa.nulls(people) for name in SOURCES}
    columns |= {name: _encoded(column) for name, column in filled.items()}
    columns["accountEnabled"] = _share(0.9, people, random)
    return columns


def _pick(values: Any, people: int, random: np.random.Generator) -> Any:
    codes = pa.array(random.integers(0, len(values), people, np.int32))
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(values))).cast(pa.string())


def _holes(values: Any, people: int, random: np.random.Generator) -> Any:
    """Pick values, and none for one person in twenty."""
    return pc.if_else(_share(0.95, people, random), _pick(values, people, random), None)


def _share(share: float, people: int, random: np.random.Generator) -> Any:
    return pa.array(random.random(people) < share)


def _cross(first: Any, second: Any) -> list[str]:
    return [f"{one} {other}" for one in first for other in second]


def _days() -> list[str]:
    start = np.datetime64("2016-01-01")
    return [f"{day}T00:00:00Z" for day in (start + np.arange(3650)).astype(str)]


def _join(divider: str, *parts: Any) -> Any:
    return pc.binary_join_element_wise(*parts, divider)


def _encoded(column: Any) -> Any:
    return column.dictionary_encode().cast(TEXT)


def _write_people_table(ids: NDArray[np.bytes_], columns: Mapping[str, Any], folder: Path) -> None:
    rows = pa.array(np.arange(len(ids), dtype=np.int32))
    table = pa.table({"row": rows, "id": pa.array(ids.astype("U36")), **columns})
    plain = pa.schema(
        [(f.name, pa.string()) if pa.types.is_dictionary(f.type) else f for f in table.schema]
    )
    pq.write_table(table.cast(plain), folder / "people.parquet", row_group_size=122_880)


type _Edges = dict[str, NDArray[np.int32]]


def _members(people: int, folder: Path, random: np.random.Generator) -> tuple[_Edges, _Edges]:
    """Return the members of the source groups, and of the license groups."""
    sources, targets = {}, {}
    with duckdb.connect() as database:
        database.execute(f"create table people as from '{folder / 'people.parquet'}'")
        for offer in offers():
            entitled = _entitled(offer, database, people, random)
            if offer.sql is None:
                sources[offer.source] = entitled
            targets[offer.target] = _holders(offer, entitled, people, random)
    return sources, targets


def _entitled(
    offer: Offer, database: duckdb.DuckDBPyConnection, people: int, random: np.random.Generator
) -> NDArray[np.int32]:
    if offer.sql is None:
        chosen = random.permutation(people)[: people // 10]
        return np.sort(chosen).astype(np.int32)
    query = f"select row from people where {offer.sql} order by row"
    return np.asarray(database.execute(query).fetchnumpy()["row"], np.int32)


def _holders(
    offer: Offer, entitled: NDArray[np.int32], people: int, random: np.random.Generator
) -> NDArray[np.int32]:
    """Return the entitled without some who are new, and with some who are to go."""
    new = 0.1 if offer.number in CONTESTED else 0.01
    held = entitled[random.random(len(entitled)) >= new]
    stranger = np.ones(people, np.bool_)
    stranger[entitled] = False
    strangers = np.flatnonzero(stranger)
    gone = random.choice(strangers, min(len(held) // 100, len(strangers)), replace=False)
    return np.sort(np.concatenate([held, gone.astype(np.int32)]))


def _write_edges(edges: _Edges, path: Path) -> None:
    of = np.repeat(np.arange(len(edges), dtype=np.int32), [len(rows) for rows in edges.values()])
    names = pa.DictionaryArray.from_arrays(pa.array(of), pa.array(list(edges)))
    rows = pa.array(np.concatenate(list(edges.values())))
    table = pa.table({"group": names.cast(pa.string()), "person": rows})
    pq.write_table(table, path, row_group_size=122_880)


def _facts(
    ids: NDArray[np.bytes_], columns: Mapping[str, Any], sources: _Edges, targets: _Edges
) -> Facts:
    groups: dict[str, Group] = {}
    holders: dict[str, NDArray[np.int32]] = {}
    products: dict[str, Product] = {}
    for offer in offers():
        sku, held = sku_id(offer.number), targets[offer.target]
        held = np.union1d(holders[sku], held) if sku in holders else held
        seats = len(held) + (len(held) // 50 if offer.number in CONTESTED else len(ids))
        holders[sku] = held
        products[sku] = Product(sku, f"PRODUCT_{offer.number}", seats, consumed=len(held))
        groups[offer.target] = Group(offer.target, f"LIC-{offer.number}", licenses={sku: ()})
        groups[offer.source] = Group(offer.source, f"Source {offer.number}")
    members = sources | targets
    rosters = Rosters(
        {id: groups[id] for id in sorted(groups)},
        {id: members.get(id, np.zeros(0, np.int32)) for id in sorted(groups)},
    )
    return next_facts(Facts(), _census(ids, columns, holders), rosters, Edges(), products)


def _census(ids: NDArray[np.bytes_], columns: Mapping[str, Any], held: _Edges) -> Census:
    products: list[list[str]] = [[] for _ in ids]
    for sku, rows in held.items():
        for row in rows.tolist():
            products[row].append(sku)
    cells = {name: column.cast(type_of(name)) for name, column in columns.items()}
    table = table_of(ids, [False] * len(ids), [*map(holding, products)], cells)
    starts = range(0, len(ids), ROWS)
    parts: list[Part] = [write_part(table.slice(start, ROWS)) for start in starts]
    return Census.read(write_index(ids, np.arange(len(ids), dtype=np.int32)), parts, (), None)


if __name__ == "__main__":
    write_world(int(sys.argv[1]), Path(sys.argv[2]))
