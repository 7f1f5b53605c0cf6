"""Group-based licensing as a pure decision: given a user's sources, which licenses stand.

Entra docs, group-based licensing: one seat per user and product over all sources; losing one
source keeps the rest; when one product of a group fails for a user, the group's others fail with
it; a license whose removal would break another one stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from simulators.graph.license_rules import LicenseRules, Plans, enabled_plans
from simulators.graph.wire import JsonObject

HELD = frozenset({"Active", "ActiveWithError"})


@dataclass(frozen=True, slots=True)
class Market:
    """What the tenant owns and what the rules are; `free` tells the seats left of a product.

    `restamp_errors`: an error that stays as it was is dated anew.
    """

    skus: Mapping[str, JsonObject]
    rules: LicenseRules
    free: Callable[[str], int]
    now: str
    restamp_errors: bool = False
    _plans: dict[tuple[str, tuple[str, ...]], Plans] = field(default_factory=dict)

    def plans(self, sku_id: str, disabled: Sequence[str]) -> Plans:
        """Return the service plans that a license of a product leaves enabled."""
        key = (sku_id, tuple(disabled))
        if key not in self._plans:
            self._plans[key] = enabled_plans(self.skus.get(sku_id, {}), key[1])
        return self._plans[key]


@dataclass(slots=True)
class _Held:
    """Service plans by product, with plans that are on their way out."""

    plans: dict[str, Plans] = field(default_factory=dict)
    leaving: dict[str, Plans] = field(default_factory=dict)

    def beside(self, sku_id: str) -> Plans:
        """Return the plans of the other products that are held for sure."""
        return frozenset().union(*(plans for sku, plans in self.plans.items() if sku != sku_id))

    def all_plans(self) -> Plans:
        return frozenset().union(*self.plans.values(), *self.leaving.values())


def settle(
    states: Sequence[JsonObject],
    groups: Sequence[JsonObject],
    location: str,
    market: Market,
    ordered: Mapping[str, str] | None = None,
) -> list[JsonObject]:
    """Return a user's new assignment states.

    `states` are the present ones; direct ones among them are kept. `groups` are the licensed
    groups the user is a direct member of. `ordered` are errors by product that shall happen.
    """
    decision = _Decision(states, location, market, ordered or {})
    for group in sorted(groups, key=decision.is_new):
        decision.decide(group)
    decision.let_go()
    return decision.states


class _Decision:
    def __init__(
        self,
        states: Sequence[JsonObject],
        location: str,
        market: Market,
        ordered: Mapping[str, str],
    ) -> None:
        self._market = market
        self._ordered = ordered
        self._location = location
        self._old = {(state["assignedByGroup"], state["skuId"]): state for state in states}
        self._seated = {state["skuId"] for state in states if state["state"] in HELD}
        self._held = _Held()
        self.states: list[JsonObject] = []
        for (group_id, sku), state in self._old.items():
            if group_id is None:
                self.states.append(state)
                self._hold(self._held.plans, sku, state["disabledPlans"])
            elif state["state"] in HELD:
                self._hold(self._held.leaving, f"{group_id}/{sku}", state["disabledPlans"], sku)

    def _hold(
        self, plans: dict[str, Plans], key: str, disabled: list[str], sku: str | None = None
    ) -> None:
        plans[key] = plans.get(key, frozenset()) | self._market.plans(sku or key, disabled)

    def is_new(self, group: JsonObject) -> bool:
        """Whether nothing of this group is held yet; what is held is decided first."""
        keys = [(group["id"], held["skuId"]) for held in group.get("assignedLicenses", ())]
        return not any(key in self._old and self._old[key]["state"] in HELD for key in keys)

    def decide(self, group: JsonObject) -> None:
        """Give every product of a group a state."""
        licenses = group.get("assignedLicenses", ())
        for held in licenses:
            self._held.leaving.pop(f"{group['id']}/{held['skuId']}", None)
        before = dict(self._held.plans)
        for held in licenses:
            self._hold(self._held.plans, held["skuId"], held.get("disabledPlans", []))
        failures = {held["skuId"]: self._error(held) for held in licenses}
        if any(failures.values()):
            self._held.plans = before
            failures = {sku: error or self._beside(group, sku) for sku, error in failures.items()}
        for held in licenses:
            self._write(group["id"], held, failures[held["skuId"]])

    def _beside(self, group: JsonObject, sku: str) -> str | None:
        """A product beside a failed one is not newly assigned; what is held stays."""
        old = self._old.get((group["id"], sku))
        if old is None or old["state"] not in HELD:
            return "Other"
        self._hold(self._held.plans, sku, old["disabledPlans"])
        return None

    def _error(self, held: JsonObject) -> str | None:
        sku_id = held["skuId"]
        sku = self._market.skus.get(sku_id)
        if sku is None:
            return "Other"
        if sku_id in self._ordered:
            return self._ordered[sku_id]
        rules = self._market.rules
        if rules.prohibited(sku["skuPartNumber"], self._location):
            return "ProhibitedInUsageLocationViolation"
        plans = self._market.plans(sku_id, held.get("disabledPlans", []))
        if rules.clash(plans, self._held.beside(sku_id)):
            return "MutuallyExclusiveViolation"
        if rules.missing(plans, self._held.all_plans()):
            return "DependencyViolation"
        if sku_id not in self._seated and self._market.free(sku_id) <= 0:
            return "CountViolation"
        return None

    def _write(self, group_id: str, held: JsonObject, error: str | None) -> None:
        state = {
            "skuId": held["skuId"],
            "disabledPlans": held.get("disabledPlans", []),
            "assignedByGroup": group_id,
            "state": "Error" if error else "Active",
            "error": error or "None",
        }
        self.states.append(self._stamped(state))

    def _stamped(self, state: JsonObject) -> JsonObject:
        """Keep the old timestamp of a state that is as it was."""
        old = self._old.get((state["assignedByGroup"], state["skuId"]), {})
        same = all(old.get(name) == value for name, value in state.items())
        if state["error"] != "None" and self._market.restamp_errors:
            same = False
        stamp = old.get("lastUpdatedDateTime", self._market.now) if same else self._market.now
        return state | {"lastUpdatedDateTime": stamp}

    def let_go(self) -> None:
        """Drop what no group gives any more, unless something held depends on it."""
        needed = self._held.all_plans()
        for (group_id, sku), state in self._old.items():
            if self._held.leaving.pop(f"{group_id}/{sku}", None) is None or sku in self._held.plans:
                continue
            remaining = self._held.all_plans()
            plans = frozenset().union(*self._held.plans.values())
            if self._market.rules.missing(plans, remaining) and not self._market.rules.missing(
                plans, needed
            ):
                kept = {**state, "state": "ActiveWithError", "error": "DependencyViolation"}
                kept.pop("lastUpdatedDateTime", None)
                self.states.append(self._stamped(kept))
                self._hold(self._held.plans, sku, state["disabledPlans"])


def assigned_licenses(states: Sequence[JsonObject]) -> list[JsonObject]:
    """Return the union over all sources: each product once, a plan is off only if all say so."""
    disabled: dict[str, list[str]] = {}
    for state in states:
        if state["state"] not in HELD:
            continue
        sku, plans = state["skuId"], state["disabledPlans"]
        kept = disabled.get(sku)
        disabled[sku] = list(plans) if kept is None else [plan for plan in kept if plan in plans]
    return [{"skuId": sku, "disabledPlans": plans} for sku, plans in disabled.items()]
