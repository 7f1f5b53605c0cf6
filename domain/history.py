"""History: what changed from one version of a policy to the next."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from domain.records import StoredBundle, StoredTenant


def with_changes[V: (StoredBundle, StoredTenant)](versions: Sequence[V]) -> list[V]:
    """Return versions, the newest first, each with what it changed in the one before."""
    told = list(versions)
    for place, (version, before) in enumerate(pairwise(versions)):
        changed = tuple(_changed("", _fields(before), _fields(version)))
        told[place] = replace(version, changed=changed)
    return told


def _fields(version: StoredBundle | StoredTenant) -> dict[str, Any]:
    fact = version.bundle if isinstance(version, StoredBundle) else version.tenant
    return fact.model_dump(mode="json")


def _changed(path: str, before: Any, after: Any) -> Iterator[str]:
    """Yield one sentence per field that differs; lists say what joined and left them."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            inner = f"{path}.{name}" if path else name
            yield from _changed(inner, before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        gone = [item for item in before if item not in after]
        new = [item for item in after if item not in before]
        yield from (f"{path}: without {item}" for item in gone)
        yield from (f"{path}: with {item}" for item in new)
        if not gone and not new:
            yield f"{path}: in another order"
    else:
        yield f"{path}: {_text(before)} became {_text(after)}"


def _text(value: Any) -> str:
    return "nothing" if value in (None, "", [], {}) else str(value)
