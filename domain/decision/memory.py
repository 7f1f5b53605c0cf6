"""Memory: entitlements that several compiles of the same people need to decide only once."""

from collections.abc import Set
from datetime import datetime

from domain.bundle import Bundle
from domain.decision.entitlement import Entitled, entitle
from domain.inventory.snapshot import Snapshot
from domain.rule import View


class Memory:
    """Entitlements already decided: the same people are asked at every step, by either policy.

    Only members of targets change from step to step, so a policy that reads a target is asked anew.
    """

    def __init__(self, targets: Set[str]) -> None:
        self._targets = targets
        self._decided: dict[Bundle, Entitled] = {}

    def entitle(self, bundle: Bundle, snapshot: Snapshot, now: datetime, view: View) -> Entitled:
        """Return who should hold the bundle.

        Raises:
            Held: nobody can tell.
        """
        if not self._targets.isdisjoint(bundle.policy.source_groups()):
            return entitle(bundle, snapshot, now, view)
        if bundle not in self._decided:
            self._decided[bundle] = entitle(bundle, snapshot, now, view)
        return self._decided[bundle]
