"""A bundle's head as a row of the ledger, and back; an older row may lack some of it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from azure.data.tables import TableEntity

from adapters.tables.packing import gather, spread
from adapters.tables.table import clip, version_of
from domain.head import Approval, Head, Refusal

_HELD_TEXT = 16_000


def head_values(head: Head) -> dict[str, Any]:
    """Return the properties of a head; a bundle of a thousand source groups has long sizes."""
    return {
        "generation": head.generation,
        "entitled": head.entitled,
        "holders": head.holders,
        "waiting": head.waiting,
        "leaving": head.leaving,
        "held": clip(head.held, _HELD_TEXT),
        "plan": head.plan,
        "fingerprint": head.fingerprint,
        "approval": _approval_text(head.approval),
        "refusal": _refusal_text(head.refusal),
        "revoked": _counts_text(head.revoked),
        "granted": _counts_text(head.granted),
        **spread("sizes", _counts_text(head.sizes)),
        "seen": head.seen,
        "seen_at": head.seen_at.isoformat() if head.seen_at else "",
        "seen_number": head.seen_number,
        "undone": head.undone,
        "later": head.later,
        **spread("plans", json.dumps(dict(head.plans), separators=(",", ":"))),
    }


def read_head(bundle: str, entity: TableEntity) -> Head:
    """Return the head in a row."""
    return Head(
        bundle=bundle,
        generation=entity["generation"],
        entitled=entity["entitled"],
        holders=entity["holders"],
        waiting=entity["waiting"],
        leaving=entity.get("leaving", 0),
        held=entity["held"],
        plan=entity.get("plan", ""),
        fingerprint=entity.get("fingerprint", ""),
        approval=_read_approval(entity.get("approval", "")),
        refusal=_read_refusal(entity.get("refusal", "")),
        revoked=json.loads(entity["revoked"]),
        granted=json.loads(entity.get("granted", "{}")),
        sizes=json.loads(gather(entity, "sizes", "{}")),
        seen=entity.get("seen", ""),
        seen_at=datetime.fromisoformat(entity["seen_at"]) if entity.get("seen_at") else None,
        seen_number=entity.get("seen_number", 0),
        undone=entity.get("undone", 0),
        later=entity.get("later", 0),
        plans=_read_plans(gather(entity, "plans", "{}")),
        version=version_of(entity),
    )


def _read_plans(text: str) -> dict[str, tuple[str, ...]]:
    return {sku: tuple(plans) for sku, plans in json.loads(text).items()}


def _approval_text(approval: Approval | None) -> str:
    if approval is None:
        return ""
    at, expires = approval.at.isoformat(), approval.expires.isoformat()
    return json.dumps([approval.fingerprint, clip(approval.by), at, expires], ensure_ascii=False)


def _read_approval(text: str) -> Approval | None:
    if not text:
        return None
    fingerprint, by, at, expires = json.loads(text)
    return Approval(fingerprint, by, datetime.fromisoformat(at), datetime.fromisoformat(expires))


def _refusal_text(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    by, at, reason = clip(refusal.by), refusal.at.isoformat(), clip(refusal.reason)
    return json.dumps([refusal.fingerprint, by, at, reason], ensure_ascii=False)


def _read_refusal(text: str) -> Refusal | None:
    if not text:
        return None
    fingerprint, by, at, reason = json.loads(text)
    return Refusal(fingerprint, by, datetime.fromisoformat(at), reason)


def _counts_text(counts: Mapping[str, int]) -> str:
    return json.dumps(dict(counts), separators=(",", ":"))
