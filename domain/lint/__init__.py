"""Lint: what is wrong, or suspicious, with a policy before anyone stores it.

One check, one file: a module here that has `find(case)`, which yields findings, is found by being
here, and its name is the findings' code. An error is something that cannot work, and stops a push;
a warning is something that can, and that its author would want to know.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from domain.bundle import Bundle
from domain.bundle_text import Candidate, read_files
from domain.inventory.reading import as_read_by
from domain.inventory.snapshot import Snapshot
from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.tenant_policy import TenantPolicy

__all__ = ["CODES", "Candidate", "Finding", "lint", "read_files"]

type Check = Callable[[Case], Iterable[Finding]]


def lint(
    candidate: Candidate,
    stored: Sequence[Bundle] | None,
    tenant: TenantPolicy,
    snapshot: Snapshot | None,
    now: datetime,
) -> list[Finding]:
    """Return everything found about the policy that would be in force, in order of file and line.

    Args:
        stored: the bundles in force now; those the candidate names give way to it. None where
            nobody can tell, offline.
        tenant: the tenant's policy in force now; the candidate's own beats it.
        snapshot: None before the first inventory: then nothing is compared with the tenant.
    """
    offline = stored is None
    tenant = candidate.tenant or tenant
    if snapshot is not None:
        snapshot = as_read_by(tenant, snapshot)
    case = Case(candidate, stored or (), tenant, snapshot, now, offline)
    found = [
        replace(finding, code=code) for code, find in _CHECKS.items() for finding in find(case)
    ]
    return sorted(found, key=_order)


def _order(finding: Finding) -> tuple[str, int, str, str]:
    source, _, line = finding.at.rpartition(":")
    number = int(line) if line.isdigit() else 0
    return source or finding.at, number, finding.level, finding.sentence


def _found() -> dict[str, Check]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    checks = [name for name in names if name not in ("case", "finding", "named")]
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in checks}
    return {name.replace("_", "-"): module.find for name, module in modules.items()}


_CHECKS = _found()
CODES = tuple(_CHECKS)
"""The codes of all checks."""
