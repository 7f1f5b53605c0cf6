"""The pointer of a shelf: which files the latest read is made of, and how far the next has come."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain.ports.shelves import Failure, Load, Reading, Shelf


@dataclass(frozen=True, slots=True)
class Pointer:
    """A shelf with the names of its files."""

    shelf: Shelf = field(default_factory=Shelf)
    parts: tuple[str, ...] = ()
    """Of the latest read."""
    aside: tuple[str, ...] = ()
    """Of the read that is not at its end."""
    earlier: tuple[str, ...] = ()
    """Of the read before the latest: whoever is still at it can end in peace."""

    def kept(self, load: Load, parts: tuple[str, ...]) -> "Pointer":
        """Return the pointer after a complete read."""
        return Pointer(Shelf(load), parts, earlier=self.parts)

    def set_aside(self, reading: Reading, parts: tuple[str, ...]) -> "Pointer":
        """Return the pointer after a run that is to be gone on with."""
        return replace(self, shelf=Shelf(self.shelf.load, reading), aside=parts)

    def failed(self, failure: Failure) -> "Pointer":
        """Return the pointer after a failed run."""
        return replace(self, shelf=replace(self.shelf, failure=failure))

    def needed(self) -> set[str]:
        """Return every file that is not to be deleted."""
        return {*self.parts, *self.aside, *self.earlier}


def write_pointer(pointer: Pointer) -> bytes:
    """Return a pointer as JSON."""
    shelf = pointer.shelf
    document = {
        "version": 1,
        "load": _load(shelf.load) if shelf.load else None,
        "reading": _reading(shelf.reading) if shelf.reading else None,
        "failure": _failure(shelf.failure) if shelf.failure else None,
        "parts": pointer.parts,
        "aside": pointer.aside,
        "earlier": pointer.earlier,
    }
    return json.dumps(document, indent=1).encode()


def read_pointer(body: bytes) -> Pointer:
    """Return a pointer as it was written."""
    data = json.loads(body)
    load, reading, failure = data["load"], data["reading"], data["failure"]
    shelf = Shelf(
        load=Load(**_times(load, "taken_at")) if load else None,
        reading=Reading(**_times(reading, "began_at")) if reading else None,
        failure=Failure(**_times(failure, "at")) if failure else None,
    )
    return Pointer(shelf, *(tuple(data[name]) for name in ("parts", "aside", "earlier")))


def _load(load: Load) -> dict[str, Any]:
    return {
        "taken_at": load.taken_at.isoformat(),
        "rows": load.rows,
        "remarks": load.remarks,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "began_at": reading.began_at.isoformat(),
        "rows": reading.rows,
        "link": reading.link,
        "remarks": reading.remarks,
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {"at": failure.at.isoformat(), "reason": failure.reason}


def _times(data: Mapping[str, Any], moment: str) -> dict[str, Any]:
    read = {**data, moment: datetime.fromisoformat(data[moment])}
    return read | ({"remarks": tuple(data["remarks"])} if "remarks" in data else {})
