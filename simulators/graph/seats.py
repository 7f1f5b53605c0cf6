"""Seats: how many of a product are taken and by whom, and where licenses failed."""

from simulators.graph.directory import Directory
from simulators.graph.licensing_rules import HELD
from simulators.graph.wire import JsonObject


class Seats:
    """Counts one seat per user and product, over all sources of the license.

    `holders` are user ids by product, `failing` user ids by the group whose license failed.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.holders: dict[str, set[str]] = {}
        self.failing: dict[str, set[str]] = {}
        self.unnamed: dict[str, int] = {}
        """Seats of a crowd by product: they are counted, and nobody is named."""

    def clear(self) -> None:
        """Free all seats."""
        self.holders.clear()
        self.failing.clear()
        self.unnamed.clear()

    def free(self, sku_id: str) -> int:
        """Return the seats left: enabled and in grace, less those consumed."""
        sku = self._directory.skus.get(sku_id)
        if sku is None or sku.get("capabilityStatus") not in {"Enabled", "Warning"}:
            return 0
        units = sku["prepaidUnits"]
        return int(units["enabled"]) + int(units.get("warning", 0)) - self.taken(sku_id)

    def taken(self, sku_id: str) -> int:
        """Return how many seats are taken."""
        return len(self.holders.get(sku_id, ())) + self.unnamed.get(sku_id, 0)

    def account(self, user_id: str, old: list[JsonObject], new: list[JsonObject]) -> None:
        """Move a user's seats and failures from the old assignment states to the new."""
        before, after = _held(old), _held(new)
        for sku_id in before - after:
            self.holders.setdefault(sku_id, set()).discard(user_id)
        for sku_id in after - before:
            self.holders.setdefault(sku_id, set()).add(user_id)
        for sku_id in before ^ after:
            if sku_id in self._directory.skus:
                self._directory.skus[sku_id]["consumedUnits"] = self.taken(sku_id)
        for group_id in _failing(old):
            self.failing.get(group_id, set()).discard(user_id)
        for group_id in _failing(new):
            self.failing.setdefault(group_id, set()).add(user_id)


def _held(states: list[JsonObject]) -> set[str]:
    return {state["skuId"] for state in states if state["state"] in HELD}


def _failing(states: list[JsonObject]) -> set[str]:
    return {
        state["assignedByGroup"]
        for state in states
        if state["assignedByGroup"] and state["error"] not in {None, "None"}
    }
