"""One request and one response as values, the same for a call of its own and inside a `$batch`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from simulators.graph import errors

type JsonObject = dict[str, Any]


@dataclass(slots=True)
class Request:
    """What the client asked, with the path already split from host and version.

    `headers` is case-insensitive. `base_url` is where the client found us, version included:
    links go back there.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes | JsonObject
    base_url: str
    batched: bool = False
    args: dict[str, str] = field(default_factory=dict)

    def json(self) -> JsonObject:
        """Return the body as an object; raise the 400 that Graph gives for anything else."""
        if isinstance(self.body, dict):
            return self.body
        try:
            value = orjson.loads(self.body)
        except json.JSONDecodeError:
            raise errors.unreadable_body() from None
        if not isinstance(value, dict):
            raise errors.unreadable_body()
        return value

    @property
    def consistency_eventual(self) -> bool:
        """Whether the client accepts the index that advanced queries run on."""
        return self.headers.get("ConsistencyLevel", "").lower() == "eventual"


@dataclass(slots=True)
class Response:
    """Status, headers of this answer only, and a body that is JSON unless it is a string."""

    status: int = 200
    body: JsonObject | str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def without_annotations(body: JsonObject) -> JsonObject:
    """Leave out `@odata.type` and the like, which clients send along."""
    return {name: value for name, value in body.items() if not name.startswith("@")}


NO_CONTENT = 204


def no_content() -> Response:
    """Return the 204 of a write that has nothing to say."""
    return Response(NO_CONTENT)
