"""Messages on our queues: ids, not objects, so that what is read when they arrive is the truth."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from domain.errors import Never
from domain.fact import Fact, ObjectId
from domain.ledger import Page
from domain.ports import Hint


class _PageMessage(Fact):
    version: Literal[1]
    bundle: Annotated[str, Field(min_length=1)]
    page: Annotated[str, Field(min_length=1)]


class _HintMessage(Fact):
    version: Literal[1]
    people: Annotated[tuple[ObjectId, ...], Field(max_length=100)] = ()
    run: str | None = None
    inventory: bool = True


def read_page_message(body: bytes) -> tuple[str, str]:
    """Return the bundle and the page that a fulfillment message names.

    Raises:
        Never: the body is not such a message.
    """
    try:
        message = _PageMessage.model_validate_json(body)
    except ValidationError as error:
        raise Never(_sentence("fulfillment", error)) from None
    return message.bundle, message.page


def read_hint(body: bytes) -> Hint:
    """Return the hint that a recompile message carries.

    Raises:
        Never: the body is not such a message.
    """
    try:
        message = _HintMessage.model_validate_json(body)
    except ValidationError as error:
        raise Never(_sentence("recompile", error)) from None
    return Hint(message.people, message.run, message.inventory)


def page_message_id(page: Page) -> str:
    """Return the id of a page's message; another attempt is another message."""
    return f"{page.id}:{page.attempt}"


def page_message(bundle: str, page: str) -> bytes:
    """Write a fulfillment message."""
    return json.dumps({"version": 1, "bundle": bundle, "page": page}).encode()


def hint_message(hint: Hint) -> bytes:
    """Write a recompile message."""
    fields: dict[str, Any] = {"people": list(hint.people)}
    if hint.run:
        fields = {"run": hint.run} | ({} if hint.inventory else {"inventory": False})
    return json.dumps({"version": 1, **fields}).encode()


def _sentence(queue: str, error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"])) or "body"
    return f"Not a {queue} message: {place}: {first['msg']}."
