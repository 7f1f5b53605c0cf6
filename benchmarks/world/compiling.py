"""A process of its own: from the files of a snapshot to plans, as a compile does it."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.warehouse.manifest import Manifest
from adapters.warehouse.stored import Stored, read_facts
from benchmarks.world.bundles import offers
from benchmarks.world.measured import Measured, digest, peak
from benchmarks.world.tenant import SNAPSHOT
from domain.change import Action
from domain.decision.compile import compile_plans
from domain.decision.difference import differences_of
from domain.decision.known import Known
from domain.head import Head
from domain.inventory.snapshot import Snapshot
from domain.plan import Plan
from domain.ports import Tokens
from domain.terms import Terms

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def load(folder: Path) -> Snapshot:
    """Read a stored snapshot."""
    files = {path.stem: path.read_bytes() for path in (folder / SNAPSHOT).iterdir()}
    manifest = Manifest("benchmark", NOW.isoformat(), {}, {}, Tokens())
    return Stored.of(manifest, "", read_facts(files)).snapshot


def main(folder: Path) -> None:
    """Compile everything and report."""
    measured = Measured()
    with measured.phase("parse bundles"):
        bundles = [offer.bundle for offer in offers()]
    with measured.phase("load"):
        snapshot = load(folder)
    known = {bundle.id: Known(bundle, Head(bundle.id)) for bundle in bundles}
    with measured.phase("compare"):
        differences, blocked = differences_of(bundles, known, snapshot, Terms(), NOW)
    with measured.phase("decide"):
        plans = compile_plans(differences, known, snapshot, Terms(), NOW)
    most = peak()
    if blocked:
        raise SystemExit(f"Bundles are blocked: {blocked}")
    measured.report(
        peak=most,
        bundles=digest({plan.bundle: _who(plan) for plan in plans}),
        waiting=sum(len(plan.waiting) for plan in plans),
        held=sum(bool(plan.holds) for plan in plans),
    )


def _who(plan: Plan) -> tuple[list[str], list[str]]:
    """Return who joins and who leaves, those included who must wait or are spared for now."""
    moves = [(each.action, each.person) for each in plan.changes]
    moves += [(each.action, each.person) for each in plan.spared]
    granted = [person for action, person in moves if action is Action.GRANT]
    revoked = [person for action, person in moves if action is Action.REVOKE]
    return granted + [wait.person for wait in plan.waiting], revoked


if __name__ == "__main__":
    main(Path(sys.argv[1]))
