"""Kinds of inventoried facts. One kind, one file: a kind works by being here.

Those of the core (people, groups, memberships, nested, products) are read together and become the
snapshot that every decision rests on; memberships flattened follow from it. Each of the others is
read by itself, on its own schedule, behind a switch of its own, onto a shelf of its own: no
decision waits for it.
"""

import importlib
import pkgutil

from domain.errors import Never
from domain.kinds.kind import Column, Kind, Type, columns_of

__all__ = ["CORE", "FURTHER", "KINDS", "Column", "Kind", "Type", "columns_of", "kind_named"]


def _found() -> dict[str, Kind]:
    names = sorted(
        module.name for module in pkgutil.iter_modules(__path__) if module.name != "kind"
    )
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return {module.KIND.name: module.KIND for module in modules}


KINDS = _found()
"""Every kind by name."""

CORE = tuple(kind for kind in KINDS.values() if kind.core)
"""What a snapshot is made of."""

FURTHER = tuple(kind for kind in KINDS.values() if not kind.core)
"""What is read beside it."""


def kind_named(name: str) -> Kind:
    """Return the kind of this name.

    Raises:
        Never: there is none.
    """
    if name not in KINDS:
        raise Never(f"There is no kind of facts {name!r}.", f"Known are {', '.join(KINDS)}.")
    return KINDS[name]
