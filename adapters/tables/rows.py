"""The ledger's values as rows of a table, and back."""

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.packing import gather, pack, spread, unpack
from adapters.tables.table import clip, version_of
from domain.change import Action, Change
from domain.decision.undoing import Undone
from domain.ledger import Leave, Page, Row, State, Tally, Wait
from domain.outcome import LicenseError


def page_values(page: Page) -> dict[str, Any]:
    """Return the properties of a page; people are written once, their progress points to them."""
    changes, reasons = pack(page.changes)
    return {
        "id": page.id,
        "target": page.target,
        "generation": page.generation,
        "plan": page.plan,
        "run": page.run,
        "changes": _compact(changes),
        **spread("reasons", _compact(reasons)),
        "rests_on": page.rests_on.isoformat(),
        "written_at": page.written_at.isoformat(),
        "due_at": page.due_at.isoformat(),
        "sent": page.sent,
        "attempt": page.attempt,
        "applied": _compact(_places(page, page.applied)),
        "ended": _compact(_places(page, page.ended)),
        "urgent": page.urgent,
        "reserved": page.reserved,
        "fingerprint": page.fingerprint,
        "trace": page.trace,
    }


def read_page(bundle: str, entity: TableEntity) -> Page:
    """Return the page in a row."""
    changes = unpack(json.loads(entity["changes"]), json.loads(gather(entity, "reasons")), Change)
    return Page(
        id=entity["id"],
        bundle=bundle,
        target=entity["target"],
        generation=entity["generation"],
        plan=entity["plan"],
        run=entity["run"],
        changes=changes,
        rests_on=datetime.fromisoformat(entity["rests_on"]),
        written_at=datetime.fromisoformat(entity["written_at"]),
        due_at=datetime.fromisoformat(entity["due_at"]),
        sent=entity["sent"],
        attempt=entity["attempt"],
        applied=frozenset(changes[place].person for place in json.loads(entity["applied"])),
        ended=frozenset(changes[place].person for place in json.loads(entity["ended"])),
        urgent=entity.get("urgent", False),
        reserved=entity.get("reserved", False),
        fingerprint=entity.get("fingerprint", ""),
        trace=entity.get("trace", ""),
        version=version_of(entity),
    )


def row_values(row: Row) -> dict[str, Any]:
    """Return the properties of a decision; a merge keeps the `managed` that is left out."""
    values: dict[str, Any] = {
        "action": str(row.action),
        "state": str(row.state),
        "reason": clip(row.reason),
        "detail": clip(row.detail),
        "generation": row.generation,
        "plan": row.plan,
        "run": row.run,
        "rests_on": row.rests_on.isoformat(),
        "updated_at": row.updated_at.isoformat(),
        "tries": row.tries,
        "error": str(row.error or ""),
        "since": row.since,
    }
    return values if row.managed is None else {**values, "managed": row.managed}


def read_row(bundle: str, person: str, entity: TableEntity) -> Row:
    """Return the decision in a row."""
    return Row(
        bundle=bundle,
        person=person,
        action=Action(entity["action"]),
        state=State(entity["state"]),
        reason=entity["reason"],
        detail=entity["detail"],
        generation=entity["generation"],
        plan=entity["plan"],
        run=entity["run"],
        managed=entity.get("managed", False),
        rests_on=datetime.fromisoformat(entity["rests_on"]),
        updated_at=datetime.fromisoformat(entity["updated_at"]),
        tries=entity.get("tries", 0),
        error=LicenseError(entity["error"]) if entity.get("error") else None,
        since=entity.get("since", ""),
    )


def place_values(place: Wait | Leave | Undone) -> dict[str, Any]:
    """Return the properties of a place: waiting, in grace, or with a run undone."""
    values = {"person": place.person, "since": place.since, "reason": clip(place.reason)}
    if isinstance(place, Undone):
        more = {"action": str(place.action), "run": place.run, "basis": clip(place.basis)}
        return values | more
    return values


def read_undone(entity: TableEntity) -> Undone:
    """Return what was undone in a row."""
    person, since, reason = entity["person"], entity["since"], entity["reason"]
    basis = entity.get("basis", "")
    return Undone(person, since, reason, Action(entity["action"]), entity["run"], basis)


def read_place[P: (Wait, Leave)](kind: Callable[[str, str, str], P], entity: TableEntity) -> P:
    """Return the place in a row."""
    return kind(entity["person"], entity["since"], entity["reason"])


def tally_values(tally: Tally) -> dict[str, Any]:
    """Return the properties of a tally."""
    return asdict(tally)


def read_tally(entity: TableEntity) -> Tally:
    """Return the tally in a row."""
    return Tally(**{field.name: entity[field.name] for field in fields(Tally)})


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _places(page: Page, people: Collection[str]) -> list[int]:
    return [place for place, change in enumerate(page.changes) if change.person in people]
