"""Guards: reasons not to send a plan, or not to make one change. One kind, one file.

A guard works by being here. It has `judge(plan, case) -> str | None`, which returns the sentence an
operator reads when the plan must be held (a person may release it unless the module says
`RELEASABLE = False`), or `spare(draft, scene)`, which yields single changes that must not be made:
the person, what is not done to her, and why.
"""

import importlib
import pkgutil
from types import ModuleType

from domain.decision.draft import Scene
from domain.guards.case import Case
from domain.plan import Plan


def guard(plan: Plan, case: Case) -> Plan:
    """Return the plan with every reason to hold it, less those that a person's approval lifts."""
    for module in _GUARDS:
        reason = module.judge(plan, case) if hasattr(module, "judge") else None
        if reason is not None:
            plan = plan.hold(reason, releasable=getattr(module, "RELEASABLE", True))
    approval = case.head.approval
    if plan.holds and approval and approval.covers(plan.fingerprint, case.now):
        return plan.release(approval.by)
    return plan


def spare(scene: Scene) -> None:
    """Take out of the drafts every single change that a guard will not have."""
    for module in _GUARDS:
        for draft in scene.drafts.values() if hasattr(module, "spare") else ():
            for person, action, reason in list(module.spare(draft, scene)):
                draft.spare(person, action, reason)


def _found() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names if name != "case"]


_GUARDS = _found()
