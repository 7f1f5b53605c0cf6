"""Read Graph's change notifications: hints about what may have moved, never trusted as truth."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import Never
from domain.records import Watch
from domain.watching.notice import Mention, What

MAX_BODY = 1_000_000
"""Bytes; Graph's own notifications are far smaller."""

MAX_ITEMS = 2_000

USERS, GROUPS = "users", "groups"

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _Loose(BaseModel):
    """What Graph sends has more fields than we read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Member(_Loose):
    id: str
    removed: Annotated[object, Field(alias="@removed")] = None
    """A text here, and an object in delta queries (seen on the live service)."""


class _ResourceData(_Loose):
    id: str = ""
    type: Annotated[str, Field(alias="@odata.type")] = ""
    happened: Annotated[datetime | None, Field(alias="eventTime")] = None
    """Sent by some versions of the service only."""
    members: Annotated[tuple[_Member, ...], Field(alias="members@delta")] = ()


class _Item(_Loose):
    subscription: Annotated[str, Field(alias="subscriptionId")]
    tenant: Annotated[str | None, Field(alias="tenantId")] = None
    state: Annotated[str | None, Field(alias="clientState")] = None
    data: Annotated[_ResourceData | None, Field(alias="resourceData")] = None
    lifecycle: Annotated[str | None, Field(alias="lifecycleEvent")] = None


class _Envelope(_Loose):
    value: Annotated[tuple[_Item, ...], Field(max_length=MAX_ITEMS)]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is one of notifications, whosoever they are."""

    items: tuple[_Item, ...]


@dataclass(frozen=True, slots=True)
class Notified:
    """What a body of notifications tells, and how many of its items were not ours."""

    mentions: tuple[Mention, ...] = ()
    """Repeats included."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """users, groups -> how many items were about them."""
    happened: tuple[tuple[str, datetime], ...] = ()
    """(users or groups, when), of the changes for which Graph says when they happened."""
    lifecycle: tuple[tuple[str, str], ...] = ()
    """(subscription, event) pairs."""
    rejected: int = 0


def hash_state(state: str) -> str:
    """Return the hash of a watch's secret, as it is kept at rest."""
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()


def read_body(body: bytes) -> Body:
    """Read a body of notifications; whose they are is not looked at yet.

    Raises:
        Never: the body is no such thing.
    """
    if len(body) > MAX_BODY:
        raise Never(f"Notification body of {len(body)} bytes; at most {MAX_BODY} are read.")
    try:
        return Body(_Envelope.model_validate_json(body).value)
    except ValidationError:
        raise Never("Not a body of change notifications.") from None


def ours(body: Body, watches: Iterable[Watch], now: datetime) -> Notified:
    """Return what the items tell whose watch, secret and tenant are ours; others are counted."""
    known = {watch.id: watch for watch in watches if watch.until is None or watch.until > now}
    items = [item for item in body.items if _is_ours(item, known)]
    data = [item.data for item in items if item.data is not None and item.lifecycle is None]
    return Notified(
        mentions=tuple(told for one in data for told in _told(one)),
        counts=Counter(filter(None, map(_resource_of, data))),
        happened=tuple(
            (_resource_of(one), one.happened)
            for one in data
            if one.happened and one.happened.tzinfo and _resource_of(one)
        ),
        lifecycle=tuple((item.subscription, item.lifecycle) for item in items if item.lifecycle),
        rejected=len(body.items) - len(items),
    )


def _is_ours(item: _Item, known: Mapping[str, Watch]) -> bool:
    watch = known.get(item.subscription)
    expected = watch.state_hash if watch else ""
    same = hmac.compare_digest(hash_state(item.state or ""), expected)
    return same and watch is not None and watch.tenant.lower() in ("", (item.tenant or "").lower())


def _told(data: _ResourceData) -> Iterator[Mention]:
    if not _GUID.fullmatch(data.id):
        return
    id = data.id.lower()
    match _resource_of(data):
        case "users":
            yield Mention(What.PERSON, id)
        case "groups" if data.members:
            for member in data.members:
                if _GUID.fullmatch(member.id):
                    what = What.JOINED if member.removed is None else What.LEFT
                    yield Mention(what, member.id.lower(), id)
        case "groups":
            yield Mention(What.GROUP, id)


def _resource_of(data: _ResourceData) -> str:
    kind = data.type.lower()
    if kind.endswith("user"):
        return USERS
    return GROUPS if kind.endswith("group") else ""
