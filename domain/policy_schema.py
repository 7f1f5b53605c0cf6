"""The JSON Schema of policy files, for editors and for checks that know no Python.

It is written from the same models that read the files, so the two cannot disagree; what a model
says of a field in its docstring is what an editor shows.
"""

from typing import Any

from pydantic import BaseModel, RootModel

from domain.bundle import Bundle
from domain.tenant_policy import TenantPolicy

TITLE = "A Seatflow policy file"


class _TenantDocument(BaseModel, extra="forbid"):
    """The tenant's own policy, in a document of its own."""

    tenant: TenantPolicy


class _PolicyFile(RootModel[Bundle | _TenantDocument | list[Bundle | _TenantDocument]]):
    """One YAML document: a bundle, a list of bundles, or the tenant's own policy."""


def policy_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one document of a policy file."""
    schema = _PolicyFile.model_json_schema()
    for name, definition in schema["$defs"].items():
        for field, part in definition.get("properties", {}).items():
            part.pop("title", None)
            if "description" not in part:
                part["description"] = _SAID.get(f"{name}.{field}") or _SAID[field]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": TITLE}


_SAID = {
    "Assignment.sku": "The skuId of a product that the target group carries.",
    "Assignment.disabled_plans": "Ids of the service plans that are switched off.",
    "Assignment.enabled_plans": (
        "Ids of service plans that are on though they appeared in the product later."
    ),
    "Bundle.id": "Names the bundle for good: lower-case letters, digits and hyphens.",
    "Bundle.name": "What people call it.",
    "Bundle.description": "For people to read.",
    "Bundle.owner": "Whom to ask about it.",
    "Bundle.target": "Where the bundle is handed out; it never changes.",
    "Bundle.products": "What the bundle hands out.",
    "Bundle.policy": "Who is entitled.",
    "Exclusion.rule": "Whoever meets this condition is excluded.",
    "Exclusion.groups": "Whoever is in one of these groups is excluded.",
    "Exclusion.people": "Object ids of people who are excluded.",
    "GroupTarget.group": (
        "Object id of the license group: assigned, cloud, security-enabled, not mail-enabled."
    ),
    "Policy.rule": "Whoever meets it is entitled; in the language of Entra dynamic groups.",
    "Policy.groups": "Whoever is in one of these groups is entitled.",
    "Policy.people": "Object ids of people who are entitled.",
    "Policy.requests": "People who are entitled for some time.",
    "Policy.excluded": "Who is not entitled, whatever else the policy says.",
    "Pool.name": "What people call it.",
    "Pool.product": "The skuId of the product.",
    "Pool.seats": "How many seats are set aside.",
    "Pool.bundles": "Ids of the bundles they are set aside for.",
    "Pool.overflow": "Whether these bundles may take other free seats once the pool is full.",
    "Price.product": "The skuId of the product.",
    "Price.monthly": "What one seat costs a month.",
    "Price.currency": "Three letters such as USD.",
    "Request.person": "Object id of the person.",
    "Request.reason": "Why; she and others will read it.",
    "SourceGroup.id": "Object id of the group.",
    "TenantPolicy.mode": "In a dry run everything is computed and shown, and nothing is sent.",
    "TenantPolicy.pools": "Seats set aside for some bundles.",
    "TenantPolicy.mapping": "Attributes that rules name as person.NAME, and where each comes from.",
    "TenantPolicy.prices": "What seats cost, so that what-if can say what a change costs.",
    "_TenantDocument.tenant": "What holds over all bundles together.",
    "limits": "What may be done without a person's approval.",
    "revokes": "What may be revoked without a person's approval.",
    "grants": "What may be granted without a person's approval.",
    "shrink": "How much smaller a source group may have become since it was last believed.",
    "percent": "Share of the holders, counted over 24 hours.",
    "floor": "So many are always allowed by the share: it says nothing of a handful of people.",
    "per_hour": "At most so many in any hour.",
    "per_day": "At most so many in 24 hours.",
}
"""What fields without a docstring of their own mean."""
