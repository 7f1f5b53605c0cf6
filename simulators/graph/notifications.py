"""What a change notification says: the payloads of users and groups, and of lifecycle events."""

from datetime import UTC, datetime

from simulators.graph.changes import Moved
from simulators.graph.subscriptions import seconds
from simulators.graph.wire import JsonObject

LIFECYCLE_EVENTS = ("reauthorizationRequired", "subscriptionRemoved", "missed")


def notification(subscription: JsonObject, moved: Moved, tenant_id: str) -> JsonObject:
    """Return one item of a POST.

    Creation and soft delete are told as `updated`; a removed member carries "@removed" as a plain
    string here, unlike in delta (seen on the live service).
    """
    name = "User" if moved.kind == "users" else "Group"
    path = f"{name}s/{moved.object_id}"
    data: JsonObject = {
        "@odata.type": f"#Microsoft.Graph.{name}",
        "@odata.id": path,
        "id": moved.object_id,
        "organizationId": tenant_id,
    }
    members = [{"id": member} for member in moved.added]
    members += [{"id": member, "@removed": "deleted"} for member in moved.removed]
    if members and moved.kind == "groups":
        data["members@delta"] = members
    return {
        "changeType": "deleted" if moved.permanently_deleted else "updated",
        "clientState": subscription["clientState"],
        "resource": path,
        "resourceData": data,
        "subscriptionExpirationDateTime": _expiration(subscription),
        "subscriptionId": subscription["id"],
        "tenantId": tenant_id,
    }


def lifecycle(subscription: JsonObject, event: str, tenant_id: str) -> JsonObject:
    """Return a lifecycle notification."""
    return {
        "subscriptionId": subscription["id"],
        "subscriptionExpirationDateTime": _expiration(subscription),
        "tenantId": tenant_id,
        "clientState": subscription["clientState"],
        "lifecycleEvent": event,
    }


def _expiration(subscription: JsonObject) -> str:
    moment = datetime.fromtimestamp(seconds(subscription["expirationDateTime"]), UTC)
    return moment.isoformat(timespec="seconds")
