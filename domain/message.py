"""Messages on our queues: ids, not objects, so that what is read when they arrive is the truth."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from domain.errors import Never
from domain.fact import Fact, ObjectId
from domain.ledger import Page
from domain.ports import Hint

_OWN = {"version"}


class _PageMessage(Fact):
    version: Literal[1]
    bundle: Annotated[str, Field(min_length=1)]
    page: Annotated[str, Field(min_length=1)]


class _HintMessage(Fact):
    version: Literal[1]
    people: Annotated[tuple[ObjectId, ...], Field(max_length=100)] = ()
    run: str | None = None
    inventory: bool = True
    notices: bool = False
    watches: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    trace: str = ""


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
    return Hint(**{name: getattr(message, name) for name in message.model_fields_set - _OWN})


def page_message_id(page: Page) -> str:
    """Return the id of a page's message; another attempt is another message."""
    return f"{page.id}:{page.attempt}"


def page_message(bundle: str, page: str) -> bytes:
    """Write a fulfillment message."""
    return json.dumps({"version": 1, "bundle": bundle, "page": page}).encode()


def hint_message(hint: Hint) -> bytes:
    """Write a recompile message."""
    fields: dict[str, Any] = {"version": 1}
    if hint.run:
        fields |= {"run": hint.run} | ({} if hint.inventory else {"inventory": False})
    elif hint.notices:
        fields["notices"] = True
    elif hint.watches:
        fields["watches"] = list(hint.watches)
    else:
        fields["people"] = list(hint.people)
    if hint.trace:
        fields["trace"] = hint.trace
    return json.dumps(fields).encode()


def _sentence(queue: str, error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"])) or "body"
    return f"Not a {queue} message: {place}: {first['msg']}."
