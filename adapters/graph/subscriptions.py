"""Change subscriptions at Graph (docs: subscription-post-subscriptions, webhooks delivery)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.graph.client import GraphClient
from adapters.graph.deletions import checked
from adapters.graph.errors import error_of
from adapters.graph.paging import Json, items_of
from adapters.graph.permissions import WATCH
from adapters.graph.reply import Reply
from domain.errors import Later, Never, SeatflowError

_UNREACHED = "Check that Graph reaches PUBLIC_URL from the internet and that the app is running."
_DUPLICATE = re.compile(r"Subscription Id (?P<id>\S+) already exists", re.IGNORECASE)
_READ = WATCH["groups"]
_KINDS = {False: "updated,deleted", True: "created,updated,deleted"}
_SAME = ("resource", "changeType")
_FULL = (
    "One app may have 100 subscriptions in a tenant, and all apps together 1,000: delete some that"
    " are of no use. GET /subscriptions lists those of this app."
)
"""Source: Graph docs, change-notifications-overview."""


class GraphSubscriptions:
    """Makes, renews and deletes the subscriptions; their secrets are kept elsewhere."""

    def __init__(self, client: GraphClient, public_url: str) -> None:
        self._client = client
        self._address = f"{public_url}/api/graph/notifications"
        self._lifecycle = f"{public_url}/api/graph/lifecycle"
        self.reachable = True

    async def existing(self) -> Mapping[str, datetime]:
        """Return the subscriptions that notify this app: id -> when each expires."""
        subscriptions = await items_of(self._client, "/subscriptions", _READ)
        ours = (one for one in subscriptions if one.get("notificationUrl") == self._address)
        return {one["id"]: _expiry_of(one) for one in ours}

    async def create(
        self, resource: str, client_state: str, expires: datetime, /, *, created: bool = False
    ) -> tuple[str, datetime]:
        """Subscribe to `users` or `groups` and return the id and when it expires.

        Where Graph has a subscription like this already, that one is deleted: nobody knows the
        secret it repeats.

        Args:
            resource: `users` or `groups`.
            client_state: the secret Graph repeats in every notification, 128 characters at most.
            expires: at most 41,760 minutes ahead.
            created: ask for creations, too, which come as updates in any case. What is asked for
                tells two subscriptions to one resource apart.

        Raises:
            Never: Graph could not reach the notification URL, or refuses for another reason.
        """
        asked = self._asked(resource, client_state, expires, created)
        reply = await self._client.send("POST", "/subscriptions", asked)
        if reply.status == 409:
            await self._delete_duplicate(reply, asked)
            reply = await self._client.send("POST", "/subscriptions", asked)
        if not reply.ok:
            raise _error_of(reply, resource)
        made = reply.whole()
        return made["id"], _expiry_of(made)

    async def renew(self, subscription: str, expires: datetime) -> datetime:
        """Move the expiry of a subscription and return when it expires now.

        Raises:
            Later: Graph no longer has it; what exists must be looked up again.
        """
        path = f"/subscriptions/{checked(subscription)}"
        reply = await self._client.send("PATCH", path, {"expirationDateTime": _text(expires)})
        if reply.status == 404:
            raise Later(f"Graph no longer has subscription {subscription}.")
        if not reply.ok:
            raise error_of(reply, _READ)
        return _expiry_of(reply.whole())

    async def delete(self, subscription: str) -> None:
        """Delete a subscription; one that is gone already is as well."""
        reply = await self._client.send("DELETE", f"/subscriptions/{checked(subscription)}")
        if not reply.ok and reply.status != 404:
            raise error_of(reply, _READ)

    def _asked(
        self, resource: str, client_state: str, expires: datetime, created: bool
    ) -> dict[str, Any]:
        return {
            "changeType": _KINDS[created],
            "resource": f"/{resource}",
            "notificationUrl": self._address,
            "lifecycleNotificationUrl": self._lifecycle,
            "expirationDateTime": _text(expires),
            "clientState": client_state,
            "latestSupportedTlsVersion": "v1_2",
        }

    async def _delete_duplicate(self, refusal: Reply, asked: Mapping[str, Any]) -> None:
        named = _DUPLICATE.search(refusal.message)
        if named:
            await self.delete(named["id"])
            return
        for one in await items_of(self._client, "/subscriptions", _READ):
            if all(_plain(one.get(name)) == _plain(asked[name]) for name in _SAME):
                await self.delete(one["id"])


def _error_of(reply: Reply, resource: str) -> SeatflowError:
    if reply.status == 400 and reply.says("validation"):
        return Never(f"Graph refused the subscription: {reply.described()}.", _UNREACHED)
    if reply.status == 403 and reply.says("limit"):
        return Never(f"Graph takes no more subscriptions: {reply.described()}.", _FULL)
    return error_of(reply, WATCH.get(resource, _READ))


def _plain(text: object) -> str:
    return str(text or "").strip("/").lower()


def _expiry_of(subscription: Json) -> datetime:
    return datetime.fromisoformat(subscription["expirationDateTime"]).astimezone(UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
