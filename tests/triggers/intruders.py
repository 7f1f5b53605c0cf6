"""Calls of the webhooks by somebody who is not Graph: every kind of body that must change nothing.

intruders = await Intruders.at(office, Random(1))
call = intruders.call()
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Self
from uuid import UUID

from domain.jobs.watch import REPEATED_FOR, SECRET_FOR
from domain.watching.notification import MAX_BODY, MAX_ITEMS
from tests.unit.office import Office
from tests.unit.webhooks import GROUP, USER, secret_of

TENANT = "7d96d549-841b-4092-9c09-89abae4c860c"
_DEEP = 20_000
_LARGE = b'{"value": ["' + b"x" * 10_000_000 + b'"]}'

_HEAVY = {"thousands of items", "too many items", "ten megabytes", "too large by a little", "deep"}

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a webhook."""

    kind: str
    function: str
    body: bytes
    headers: dict[str, str]


class Intruders:
    """Somebody who knows how notifications look, and even secrets that have had their day."""

    def __init__(self, office: Office, rng: Random, old: tuple[str, str]) -> None:
        self._office, self._rng, self._old = office, rng, old
        self._kinds: dict[str, Callable[[], bytes]] = {
            "wrong secret": self._wrong_secret,
            "no secret": lambda: self._foreign(clientState=rng.choice([None, ""])),
            "secret of no text": lambda: self._foreign(clientState=rng.choice([1, [], {}, True])),
            "hash for a secret": self._hash,
            "secret of another watch": self._swapped,
            "unknown subscription": lambda: self._foreign(subscriptionId=self._id()),
            "foreign tenant": lambda: self._foreign(tenantId=rng.choice([self._id(), None, ""])),
            "replayed old body": self._replayed,
            "thousands of items": self._many,
            "too many items": lambda: self._items(MAX_ITEMS + 1),
            "lifecycle": self._lifecycle,
            "no body": lambda: b"",
            "ten megabytes": lambda: _LARGE,
            "too large by a little": lambda: self._wrong_secret().ljust(MAX_BODY + 1),
            "deep": self._deep,
            "not JSON": lambda: rng.randbytes(rng.randint(1, 200)),
            "cut off": self._cut_off,
            "other JSON": self._other,
            "odd text": self._odd_text,
        }

    @classmethod
    async def at(cls, office: Office, rng: Random) -> Self:
        """Let an office watch its tenant for long enough that a secret has grown old."""
        office.watches.tenant = TENANT
        await office.jobs.renew_watches()
        old = secret_of(office)
        office.clock.advance(SECRET_FOR.total_seconds())
        await office.jobs.renew_watches()
        office.clock.advance(REPEATED_FOR.total_seconds())
        return cls(office, rng, old)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind there is."""
        return tuple(self._kinds)

    def call(self, kind: str = "") -> Call:
        """Return another call, of one kind or of any."""
        rare = [1 if each in _HEAVY else 20 for each in self.kinds]
        kind = kind or self._rng.choices(self.kinds, rare)[0]
        function = self._rng.choice(["graph_notifications", "graph_lifecycle"])
        types = ["application/json", "text/xml", "multipart/form-data", "", "a/b; charset=\\xff"]
        return Call(kind, function, self._kinds[kind](), {"Content-Type": self._rng.choice(types)})

    def _genuine(self) -> Json:
        resource, type = self._rng.choice([("users", USER), ("groups", GROUP)])
        subscription, secret = secret_of(self._office, resource)
        data: Json = {"@odata.type": type, "id": self._id()}
        if resource == "groups" and self._rng.random() < 0.5:
            data["members@delta"] = [{"id": self._id()} for _ in range(self._rng.randint(1, 20))]
        return {
            "changeType": "updated",
            "subscriptionId": subscription,
            "clientState": secret,
            "tenantId": TENANT,
            "resourceData": data,
        }

    def _foreign(self, **changes: Any) -> bytes:
        return _body(*(self._genuine() | changes for _ in range(self._rng.randint(1, 5))))

    def _wrong_secret(self) -> bytes:
        item = self._genuine()
        letters = list(item["clientState"])
        letters[self._rng.randrange(len(letters))] = self._rng.choice("?é😀\u0000")
        return _body(item | {"clientState": "".join(letters)})

    def _hash(self) -> bytes:
        watch = self._rng.choice(self._office.watches.records())
        return self._foreign(subscriptionId=watch.id, clientState=watch.state_hash)

    def _swapped(self) -> bytes:
        (users, _), (_, secret) = (secret_of(self._office, r) for r in ("users", "groups"))
        return self._foreign(subscriptionId=users, clientState=secret)

    def _replayed(self) -> bytes:
        subscription, secret = self._old
        return self._foreign(subscriptionId=subscription, clientState=secret)

    def _many(self) -> bytes:
        return self._items(MAX_ITEMS)

    def _items(self, count: int) -> bytes:
        return _body(*[self._genuine() | {"clientState": "guess"}] * count)

    def _lifecycle(self) -> bytes:
        events = ["reauthorizationRequired", "subscriptionRemoved", "missed", "x"]
        return self._foreign(clientState="guess", lifecycleEvent=self._rng.choice(events))

    def _deep(self) -> bytes:
        opening = self._rng.choice([b"[", b'{"value":', b'{"value":[{"a":'])
        return opening * _DEEP

    def _cut_off(self) -> bytes:
        whole = _body(self._genuine())
        return whole[: self._rng.randrange(1, len(whole) - 1)]

    def _other(self) -> bytes:
        values: list[Any] = [None, [], {}, 1, "x", [[]], [None], [1], [{}], {"a": {}}]
        whole = self._rng.choice([{"value": self._rng.choice(values)}, *values])
        return json.dumps(whole if whole != {"value": []} else {"values": []}).encode()

    def _odd_text(self) -> bytes:
        text = "".join(chr(self._rng.randrange(1, 0x2FF)) for _ in range(30))
        field = self._rng.choice(["subscriptionId", "clientState", "tenantId"])
        if self._rng.random() < 0.3:
            text = "\ud800"  # half of a pair, which no text has
        return _body(self._genuine() | {field: text})

    def _id(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128)))


def _body(*items: Json) -> bytes:
    return json.dumps({"value": items}).encode()
