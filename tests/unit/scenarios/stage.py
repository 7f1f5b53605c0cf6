"""Put a scenario on stage: a document an operator can read becomes a world to compile.

A scenario tells who is in the tenant, what policy says and what the ledger knows, then what is
expected of each bundle. People, groups and products go by their names; in a rule, `{Name}` stands
for the object id of that person or group. `then` is a list of later moments, each told by what has
changed since the one before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.controls import Controls, Pause, Protection
from domain.decision.compile import compile_plans
from domain.decision.difference import differences_of
from domain.decision.known import Known
from domain.decision.sizes import TENANT
from domain.head import Approval, Head, Refusal
from domain.inventory.group import Group
from domain.inventory.people import Person
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ledger import Leave, Page, Row, State, Wait
from domain.outcome import LicenseError
from domain.plan import Plan
from domain.tenant_policy import TenantPolicy
from domain.terms import Terms
from tests.unit.worlds import NOW, guid, snapshot

type Document = dict[str, Any]

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Outcome:
    """What came of one moment: a plan for each bundle, or why it has none."""

    plans: Mapping[str, Plan]
    blocked: Mapping[str, str]


def moments(document: Document) -> list[Document]:
    """Return the document of each moment, complete in itself."""
    told = dict(document)
    later = told.pop("then", [])
    found = [told]
    for change in later:
        found.append(_merged({**found[-1], "expect": {}}, change))
    return found


def play(document: Document) -> Outcome:
    """Compile one moment."""
    world = _snapshot(document)
    bundles = [_bundle(id, fields) for id, fields in document["bundles"].items()]
    known = {each.id: _known(each, document, world) for each in bundles}
    now, terms = _now(document), _terms(document)
    differences, blocked = differences_of(bundles, known, world, terms, now)
    plans = compile_plans(differences, known, world, terms, now)
    return Outcome({plan.bundle: plan for plan in plans}, blocked)


def readable(text: str, document: Document) -> str:
    """Return a sentence with names in place of ids, and without the ids that follow a name."""
    everyone = (*document["people"], *document["groups"], *document["bundles"], "Gone")
    skus = {name for fields in document["bundles"].values() for name in _names(fields)}
    names = {guid(name): name for name in (*everyone, *skus)}
    text = re.sub(rf" \({_ID.pattern}\)", "", text)
    return _ID.sub(lambda found: names.get(found[0], found[0]), text)


def _merged(old: Any, new: Any) -> Any:
    """Return a document with another laid over it; what is set to nothing is gone."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    result = {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    return {key: value for key, value in result.items() if value is not None}


def _now(document: Document) -> datetime:
    return _moment(document.get("now", NOW))


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


# The tenant.


def _snapshot(document: Document) -> Snapshot:
    people = [_person(name, fields or {}) for name, fields in document["people"].items()]
    groups = {Group(guid(name), name): inside for name, inside in document["groups"].items()}
    for id, fields in document["bundles"].items():
        licenses = dict.fromkeys(_skus(fields), ())
        kind = tuple(fields.get("target is", ()))
        target = Group(guid(id), id, kind, licenses=licenses)
        groups[target] = fields.get("members", [])
    products = [_product(name, fields) for name, fields in document["products"].items()]
    age = timedelta(hours=document.get("inventory is old by hours", 0))
    whole = not document.get("close-up", False)
    made = snapshot(people, groups, products, whole=whole, taken_at=_now(document) - age)
    for name in document.get("attributes never read", ()):
        made.people.columns.pop(name)  # type: ignore[attr-defined]
    return made


def _person(name: str, fields: Document) -> Person:
    attributes = {key: value for key, value in fields.items() if key != "holds"}
    if "manager" in attributes:
        attributes["manager"] = guid(attributes["manager"])
    named = {"objectId": guid(name), "accountEnabled": True, **attributes}
    return Person(guid(name), named, tuple(guid(sku) for sku in fields.get("holds", ())))


def _product(name: str, fields: Document | int) -> Product:
    told: Document = {"seats": fields} if isinstance(fields, int) else fields
    plans = {guid(plan): plan for plan in told.get("plans", ())}
    seats, warning, used = (told.get(key, 0) for key in ("seats", "warning", "used"))
    return Product(guid(name), name, seats, warning, used, plans)


# Policy.


def _bundle(id: str, fields: Document) -> Bundle:
    told = {
        key: value
        for key, value in fields.items()
        if key not in ("members", "ours", "target is", "product", "products")
    }
    products = [{"sku": sku} for sku in _skus(fields)]
    own = {"id": id, "name": id.upper(), "target": {"group": guid(id)}, "products": products}
    return Bundle.model_validate({**own, **_with_ids(told)})


def _skus(fields: Document) -> list[str]:
    return [guid(name) for name in _names(fields)]


def _names(fields: Document) -> list[str]:
    found: list[str] = fields.get("products", [fields.get("product")])
    return found


def _with_ids(value: Any, key: str = "") -> Any:
    """Put ids where the document names people, groups and products."""
    if isinstance(value, dict):
        return {inner: _with_ids(each, inner) for inner, each in value.items()}
    if isinstance(value, list):
        return [_with_ids(each, key) for each in value]
    if key in ("people", "groups", "person", "product") or (key == "id" and value):
        return guid(value)
    if isinstance(value, str):
        return re.sub(r"\{([^}]+)\}", lambda found: guid(found[1]), value)
    return value


def _terms(document: Document) -> Terms:
    tenant = TenantPolicy.model_validate(_with_ids(document.get("tenant", {})))
    protected = {
        guid(name): Protection(guid(name), "ben", NOW, why)
        for name, why in document.get("protected", {}).items()
    }
    pause = Pause("ben", NOW, document["paused"]) if "paused" in document else None
    return Terms(tenant, Controls(pause, protected), document.get("app", "live"))


# The ledger.


def _known(bundle: Bundle, document: Document, world: Snapshot) -> Known:
    told = document.get("ledger", {}).get(bundle.id, {})
    ours = document["bundles"][bundle.id].get("ours", [])
    members = document["bundles"][bundle.id].get("members", [])
    rows = {guid(name): _row(bundle.id, name) for name in (members if ours == "all" else ours)}
    rows |= {guid(name): _row(bundle.id, name, **row) for name, row in told.get("past", {}).items()}
    waiting = {guid(who): Wait(guid(who), str(at), "") for who, at in _of(told, "waiting")}
    leaving = {guid(who): Leave(guid(who), str(at), "") for who, at in _of(told, "in grace")}
    pages = [_page(bundle, number, each) for number, each in enumerate(told.get("on its way", []))]
    adopted = frozenset(guid(name) for name in told.get("adopted", ()))
    return Known(bundle, _head(bundle, told, document), pages, waiting, leaving, rows, adopted)


def _of(told: Document, key: str) -> Any:
    return told.get(key, {}).items()


def _head(bundle: Bundle, told: Document, document: Document) -> Head:
    hour = f"{_now(document):%Y-%m-%dT%H}"
    sizes = {TENANT if name == "tenant" else guid(name): n for name, n in _of(told, "sizes")}
    return Head(
        bundle.id,
        holders=told.get("holders", 0),
        held=told.get("held", ""),
        sizes=sizes,
        revoked={hour: told.get("revoked this hour", 0)},
        granted={hour: told.get("granted this hour", 0)},
        approval=_approval(bundle, told),
        refusal=_refusal(bundle, told),
    )


def _approval(bundle: Bundle, told: Document) -> Approval | None:
    if "released" not in told:
        return None
    return Approval(_fingerprint(bundle, told["released"]), "ben", NOW, _moment(told["until"]))


def _refusal(bundle: Bundle, told: Document) -> Refusal | None:
    if "refused" not in told:
        return None
    return Refusal(_fingerprint(bundle, told["refused"]), "ben", NOW, "no")


def _fingerprint(bundle: Bundle, told: list[str]) -> str:
    """Return the fingerprint of the plan with exactly these changes, told in their order."""
    changes = tuple(_change(each) for each in told)
    return Plan(bundle.id, bundle.target.group, 0, 0, changes).fingerprint


def _change(told: str) -> Change:
    action, name = told.split(" ", 1)
    return Change(Action(action), guid(name), "because")


def _page(bundle: Bundle, number: int, told: str) -> Page:
    changes = (_change(told),)
    id, target = f"{bundle.id}.1.{number}", bundle.target.group
    return Page(id, bundle.id, target, number, "", "", changes, NOW, NOW, NOW)


def _row(bundle: str, name: str, **told: Any) -> Row:
    """Return the last decision about a person, by default a grant of long ago that took effect."""
    at = _moment(told.get("at", NOW - timedelta(days=100)))
    action, state = told.get("did", "grant"), told.get("state", "confirmed")
    return Row(
        bundle,
        guid(name),
        Action(action),
        State(state),
        "",
        told.get("detail", ""),
        1,
        "",
        "",
        at,
        action == "grant",
        at,
        told.get("tries", 0),
        LicenseError(told["error"]) if "error" in told else None,
        str(told.get("since", "")),
    )
