"""What `doctor` looks at: one check, one file. A check works by being here.

A check has a `NAME`, a `PAGE` where it is documented, a `PLACE` in the order they are shown, and
`look`. Import this package late: the checks bring the SDKs of what they look at.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from adapters.checks.around import Around
from domain.doctor import Observation, Subject

__all__ = ["Around", "FoundChecks"]


@dataclass(frozen=True)
class _Found:
    module: ModuleType
    around: Around

    @property
    def name(self) -> str:
        return str(self.module.NAME)

    @property
    def page(self) -> str:
        return str(self.module.PAGE)

    async def look(self, subject: Subject) -> Sequence[Observation]:
        found: Sequence[Observation] = await self.module.look(self.around, subject)
        return found


class FoundChecks:
    """The `Checks` port: every module of this package but `around`."""

    def __init__(self, around: Around) -> None:
        names = [each.name for each in pkgutil.iter_modules(__path__) if each.name != "around"]
        modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
        self._checks = [_Found(each, around) for each in sorted(modules, key=lambda m: m.PLACE)]

    def all(self) -> Sequence[_Found]:
        """Return the checks, in the order they are shown."""
        return self._checks
