"""What the service answers, in its own JSON."""

from typing import Any

ADA, BEN, EVE = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abe")
PLAN = "teams-premium.2534023007999999"

type Json = dict[str, Any]


def plan(**more: Any) -> Json:
    return {
        "id": PLAN,
        "bundle": "teams-premium",
        "target": "11a4e14c-4b8c-5bc9-823a-c730cc78ed7f",
        "fingerprint": "0123456789abcdef0123456789abcdef",
        "run": "run-7",
        "at": "2026-11-22T05:10:00+00:00",
        "state": "held",
        "held": ["210 of 400 holders would lose it (52.5 %); at most 25 % may in 24 hours."],
        "entitled": 190,
        "holders": 400,
        "grants": 1,
        "revokes": 2,
        "kept": 3,
        "waits": 1,
        "leaves": 1,
        "spares": 1,
        "decided_by": "",
        "decided_because": "",
        "changes": [],
        "waiting": [],
        "leaving": [],
        "spared": [],
    } | more


def plan_in_full(**more: Any) -> Json:
    since = "2026-11-20T08:00:00+00:00"
    return plan(
        changes=[
            {"action": "revoke", "person": ADA, "reason": "no longer meets the rule"},
            {"action": "revoke", "person": BEN, "reason": "left group Sales"},
            {"action": "grant", "person": EVE, "reason": 'rule: user.department -eq "Sales"'},
        ],
        waiting=[{"person": BEN, "since": since, "reason": "no seat of Teams Premium is free"}],
        leaving=[{"person": EVE, "since": since, "reason": "grace of 14d"}],
        spared=[{"action": "revoke", "person": ADA, "reason": "protected: parental leave"}],
        **more,
    )


def bundle_effect(**more: Any) -> Json:
    return {
        "bundle": "teams-premium",
        "name": "Teams Premium for client-facing staff",
        "status": "changed",
        "entitled_before": 400,
        "entitled": 191,
        "gains": 1,
        "losses": 210,
        "holders": 400,
        "grants": 1,
        "revokes": 210,
        "waiting": 0,
        "leaving": 0,
        "kept": 0,
        "held": [],
        "changes": [],
        "waits": [],
        "spared": [],
    } | more


def product_effect(**more: Any) -> Json:
    return {
        "product": "36a0f3b3-adb5-49ea-bf66-762134cf063a",
        "part_number": "Microsoft_Teams_Premium",
        "seats": 500,
        "consumed": 400,
        "after_before": 400,
        "after": 191,
        "monthly": 7.0,
        "monthly_effect": -1463.0,
        "currency": "USD",
    } | more


def effect(*bundles: Json, products: tuple[Json, ...] = (), missing: tuple[str, ...] = ()) -> Json:
    return {
        "snapshot": "2026-11-22T05:00:00+00:00",
        "bundles": list(bundles),
        "products": list(products),
        "missing": list(missing),
    }


def standing(**more: Any) -> Json:
    return {
        "bundle": "m365-e5",
        "name": "Microsoft 365 E5",
        "holds": True,
        "entitled": True,
        "why": 'rule: user.department -eq "Legal"',
        "clauses": [],
        "waiting_since": None,
        "waiting_for": None,
        "leaving_since": None,
        "leaves_at": None,
        "held": "",
        "mode": "live",
        "last_decision": None,
    } | more


def explanation(*standings: Json, **more: Any) -> Json:
    return {
        "id": ADA,
        "read_at": "2026-11-22T05:12:00+00:00",
        "protected": None,
        "products": ["SPE_E5"],
        "bundles": list(standings),
    } | more


def bundle_status(**more: Any) -> Json:
    return {
        "id": "teams-premium",
        "name": "Teams Premium for client-facing staff",
        "entitled": 1_234,
        "holders": 1_200,
        "granted": 1_250,
        "revoked": 50,
        "waiting": 4,
        "held": 0,
        "failed": 2,
        "in_flight": 30,
        "unconfirmed": 3,
        "reason": None,
        "mode": "live",
        "leaving": 7,
        "plan": "",
        "releasable": False,
        "approved_by": "",
        "refused_by": "",
    } | more


def status(*bundles: Json, **more: Any) -> Json:
    return {
        "snapshot": {
            "taken_at": "2026-11-22T05:00:00+00:00",
            "people": 2_000,
            "groups": 40,
            "memberships": 5_000,
            "products": 12,
        },
        "mode": "live",
        "paused": None,
        "protected": 0,
        "bundles": list(bundles),
        "unreadable": 0,
    } | more


def controls(**more: Any) -> Json:
    return {"pause": None, "protected": {}} | more


def by_ada(**more: Any) -> Json:
    said = {"by": "Ada (unverified)", "at": "2026-11-22T05:00:00+00:00", "reason": "audit week"}
    return said | more
