"""Change notification subscriptions: what may be watched, for how long, by how many.

Graph docs: subscription-post-subscriptions, change-notifications-overview (directory resources).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from simulators.graph import errors, permissions
from simulators.graph.changes import Kind, Moved
from simulators.graph.clock import Clock
from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject

LONGEST_MINUTES = 41_760
LONGEST_CLIENT_STATE = 128
CHANGE_TYPES = frozenset({"created", "updated", "deleted"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_RESOURCE = re.compile(
    r"/?(?P<kind>users|groups)(?:/(?P<id>[^/?]+)(?P<members>/members)?)?(?:\?.*)?$", re.IGNORECASE
)
_EMPTY = (
    "includeResourceData",
    "encryptionCertificate",
    "encryptionCertificateId",
    "notificationQueryOptions",
    "notificationUrlAppId",
    "lifecycleNotificationUrl",
    "clientState",
)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a subscription's resource text means."""

    kind: Kind
    object_id: str | None
    members_only: bool


class Subscriptions:
    """The subscriptions of the one application, by id; expired ones are gone."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._by_id: dict[str, JsonObject] = {}

    def check(self, body: JsonObject) -> None:
        """Raise what is wrong with a wanted subscription, before anyone is called."""
        for name in ("changeType", "notificationUrl", "resource", "expirationDateTime"):
            if not isinstance(body.get(name), str):
                raise errors.subscription_invalid(f"Property {name} is required.")
        if not set(body["changeType"].split(",")) <= CHANGE_TYPES:
            raise errors.subscription_invalid("Property changeType has an unsupported value.")
        if len(body.get("clientState") or "") > LONGEST_CLIENT_STATE:
            raise errors.subscription_invalid("Property clientState is longer than 128 characters.")
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            if body.get(name) is not None:
                _check_url(name, body[name])
        watched = watched_by(body["resource"])
        watch = permissions.WATCH_USERS if watched.kind == "users" else permissions.WATCH_GROUPS
        permissions.require(self._settings.granted, watch)
        self._check_expiration(body["expirationDateTime"])
        self._check_place(body)

    def _check_place(self, body: JsonObject) -> None:
        wanted = (watched_by(body["resource"]), body["changeType"])
        present = list(self)
        for one in present:
            if (watched_by(one["resource"]), one["changeType"]) == wanted:
                raise errors.subscription_exists(one["id"])
        if len(present) >= self._settings.subscription_quota:
            raise errors.subscription_quota(self._settings.subscription_quota)

    def _check_expiration(self, text: str) -> None:
        moment = seconds(text)
        if moment <= self._clock.now():
            raise errors.subscription_invalid("Subscription expiration must be in the future.")
        if moment > self._clock.now() + LONGEST_MINUTES * 60 + 1:
            raise errors.expiration_too_far(LONGEST_MINUTES)

    def create(self, body: JsonObject) -> JsonObject:
        """Keep a checked and validated subscription."""
        application = self._settings.application_id
        subscription = {
            "id": str(uuid4()),
            **dict.fromkeys(_EMPTY),
            "latestSupportedTlsVersion": "v1_2",
            **body,
            "applicationId": application,
            "creatorId": application,
        }
        self._by_id[subscription["id"]] = subscription
        return subscription

    def get(self, subscription_id: str) -> JsonObject:
        """Return a live subscription; raise the 404."""
        for one in self:
            if one["id"] == subscription_id:
                return one
        raise errors.subscription_not_found()

    def renew(self, subscription_id: str, body: JsonObject) -> JsonObject:
        """Move the expiration; nothing else can be changed but the address."""
        subscription = self.get(subscription_id)
        if not set(body) <= {"expirationDateTime", "notificationUrl"}:
            raise errors.subscription_invalid("Only expirationDateTime can be updated.")
        if "expirationDateTime" in body:
            self._check_expiration(str(body["expirationDateTime"]))
        subscription.update(body)
        return subscription

    def delete(self, subscription_id: str) -> None:
        """End a subscription; raise the 404."""
        del self._by_id[self.get(subscription_id)["id"]]

    def of(self, moved: Moved) -> Iterator[JsonObject]:
        """Return the subscriptions that a write concerns."""
        change = "deleted" if moved.permanently_deleted else "updated"
        for one in self:
            watched = watched_by(one["resource"])
            if watched.kind != moved.kind or change not in one["changeType"].split(","):
                continue
            if watched.object_id not in {None, moved.object_id}:
                continue
            if not watched.members_only or moved.added or moved.removed:
                yield one

    def __iter__(self) -> Iterator[JsonObject]:
        now = self._clock.now()
        for one in list(self._by_id.values()):
            if seconds(one["expirationDateTime"]) > now:
                yield one
            else:
                del self._by_id[one["id"]]


def watched_by(resource: str) -> Watched:
    """Return what a resource text means; raise the 400 for what cannot be watched."""
    match = _RESOURCE.match(resource)
    if match is None:
        raise errors.subscription_invalid(f"Resource '{resource}' is not supported.")
    kind: Kind = "users" if match["kind"].lower() == "users" else "groups"
    if match["members"] and kind == "users":
        raise errors.subscription_invalid(f"Resource '{resource}' is not supported.")
    object_id = match["id"].lower() if match["id"] else None
    return Watched(kind, object_id, bool(match["members"]))


def seconds(text: str) -> float:
    """Return a DateTimeOffset as seconds since 1970; raise the 400."""
    cut = re.sub(r"(\.\d{6})\d+", r"\1", text)  # Graph writes seven digits
    try:
        moment = datetime.fromisoformat(cut)
    except ValueError:
        message = f"Property expirationDateTime is no date and time: '{text}'."
        raise errors.subscription_invalid(message) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _check_url(name: str, text: object) -> None:
    """HTTPS only; plain HTTP to this very machine is this simulator's one leniency."""
    parts = urlsplit(str(text))
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise errors.subscription_invalid(f"Property {name} must be a valid HTTPS URL.")
