"""Read Graph's change notifications: hints about who may have moved, never trusted as truth."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import Never
from domain.records import Watch

MAX_BODY = 1_000_000
"""Bytes; Graph's own notifications are far smaller."""

MAX_ITEMS = 2_000

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _Loose(BaseModel):
    """What Graph sends has more fields than we read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Member(_Loose):
    id: str


class _ResourceData(_Loose):
    id: str = ""
    type: Annotated[str, Field(alias="@odata.type")] = ""
    members: Annotated[tuple[_Member, ...], Field(alias="members@delta")] = ()


class _Item(_Loose):
    subscription: Annotated[str, Field(alias="subscriptionId")]
    state: Annotated[str | None, Field(alias="clientState")] = None
    data: Annotated[_ResourceData | None, Field(alias="resourceData")] = None
    lifecycle: Annotated[str | None, Field(alias="lifecycleEvent")] = None


class _Envelope(_Loose):
    value: Annotated[tuple[_Item, ...], Field(max_length=MAX_ITEMS)]


@dataclass(frozen=True, slots=True)
class Notified:
    """What a body of notifications hints at, and how many of its items were not ours."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Groups that changed in another way than by members named in the notification."""
    lifecycle: tuple[tuple[str, str], ...] = ()
    """(subscription, event) pairs."""
    rejected: int = 0


def hash_state(state: str) -> str:
    """Return the hash of a watch's secret, as it is kept at rest."""
    return hashlib.sha256(state.encode()).hexdigest()


def read_notifications(body: bytes, watches: Iterable[Watch]) -> Notified:
    """Read a body of notifications; items whose watch or secret is not ours are counted, not read.

    Raises:
        Never: the body is no such thing.
    """
    if len(body) > MAX_BODY:
        raise Never(f"Notification body of {len(body)} bytes; at most {MAX_BODY} are read.")
    try:
        items = _Envelope.model_validate_json(body).value
    except ValidationError:
        raise Never("Not a body of change notifications.") from None
    known = {watch.id: watch for watch in watches}
    ours = [item for item in items if _is_ours(item, known)]
    data = [item.data for item in ours if item.data is not None and item.lifecycle is None]
    users = [one.id for one in data if one.type.lower().endswith("user")]
    groups = [one for one in data if one.type.lower().endswith("group")]
    members = [member.id for group in groups for member in group.members]
    return Notified(
        people=_distinct(users + members),
        groups=_distinct(group.id for group in groups if not group.members),
        lifecycle=tuple((item.subscription, item.lifecycle) for item in ours if item.lifecycle),
        rejected=len(items) - len(ours),
    )


def _is_ours(item: _Item, known: Mapping[str, Watch]) -> bool:
    watch = known.get(item.subscription)
    expected = watch.state_hash if watch else ""
    same = hmac.compare_digest(hash_state(item.state or ""), expected)
    return same and watch is not None


def _distinct(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.lower() for one in ids if _GUID.fullmatch(one)))
