"""Notifications as Graph writes them, for an office that watches its tenant."""

import json
from typing import Any

from tests.unit.office import Office

USER, GROUP = "#Microsoft.Graph.User", "#Microsoft.Graph.Group"


def secret_of(office: Office, resource: str = "users") -> tuple[str, str]:
    """Return a living subscription to a resource, and its secret."""
    living = office.watches.subscriptions
    id = next(w.id for w in office.watches.records() if w.resource == resource and w.id in living)
    return id, office.watches.secrets[id]


def item(office: Office, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return one notification."""
    resource = "users" if data["@odata.type"] == USER else "groups"
    subscription, secret = secret_of(office, resource)
    given = {"subscriptionId": subscription, "clientState": secret, "resourceData": data}
    return {"changeType": "updated", **given, **changes}


def person(id: str) -> dict[str, Any]:
    """Return what is told of a person."""
    return {"@odata.type": USER, "id": id}


def group(id: str, *joined: str, left: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what is told of a group, and of its members."""
    members: list[dict[str, Any]] = [{"id": member} for member in joined]
    members += [{"id": member, "@removed": "deleted"} for member in left]
    return {"@odata.type": GROUP, "id": id} | ({"members@delta": members} if members else {})


def body(*items: dict[str, Any]) -> bytes:
    """Return a body of notifications."""
    return json.dumps({"value": items}).encode()


async def tell(office: Office, *data: dict[str, Any]) -> None:
    """Let Graph tell of these things in one body, have it followed, and deliver what comes of it.

    What is asked for later than that stays on the queue.
    """
    taken = len(office.notices.all)
    await office.jobs.notified(body(*(item(office, each) for each in data)), f"call-{taken}")
    office.clock.advance(2)
    await office.follow_due_hints()
    await office.deliver_all()


async def run_what_was_asked_for(office: Office) -> None:
    """Let a quarter of a minute pass, and carry out the run that a notification asked for."""
    office.clock.advance(15)
    await office.follow_due_hints()
    await office.deliver_all()
