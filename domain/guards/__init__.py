"""Guards: reasons not to send a plan. One kind, one file; a guard works by being here.

Each module has `judge(plan, case) -> str | None`: the sentence an operator reads, or None.
"""

import importlib
import pkgutil
from collections.abc import Callable

from domain.guards.case import Case
from domain.plan import Plan

type Guard = Callable[[Plan, Case], str | None]


def guard(plan: Plan, case: Case) -> Plan:
    """Return the plan with every reason to hold it."""
    for judge in _GUARDS:
        reason = judge(plan, case)
        if reason is not None:
            plan = plan.hold(reason)
    return plan


def _found() -> list[Guard]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names if name != "case"]
    return [module.judge for module in modules]


_GUARDS = _found()
