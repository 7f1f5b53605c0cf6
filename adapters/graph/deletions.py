"""The only deletions that may ever leave this process.

`DELETE /groups/{id}/members/{id}/$ref` takes a person out of a group; the same address without
`/$ref` deletes the person (Graph docs: group-delete-members). So the address is made here alone,
and every request that goes out is checked here, alone or in a batch.
"""

import re
from collections.abc import Mapping
from typing import Any

_GUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ALLOWED = re.compile(rf"/groups/{_GUID}/members/{_GUID}/\$ref|/subscriptions/{_GUID}")
_OBJECT_ID = re.compile(_GUID)


def removal(group: str, person: str) -> str:
    """Return the address whose DELETE takes a person out of a group, and does nothing else.

    Raises:
        ValueError: an id is not a GUID.
    """
    return f"/groups/{checked(group)}/members/{checked(person)}/$ref"


def is_object_id(text: str) -> bool:
    """Tell whether this is a GUID, as every directory object's id is."""
    return _OBJECT_ID.fullmatch(text) is not None


def checked(text: str) -> str:
    """Return an id that is safe to put into an address.

    Raises:
        ValueError: it is not a GUID.
    """
    if not is_object_id(text):
        raise ValueError(f"not an object id: {text!r}")
    return text


def refuse_other_deletions(method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
    """Let every request pass but a DELETE of anything else than a membership or a subscription.

    Args:
        method: of the request.
        path: below the endpoint; any other address is refused, too.
        body: of a batch, whose requests are looked at likewise.

    Raises:
        ValueError: such a DELETE; only a bug can ask for it.
    """
    if method.upper() == "DELETE" and _ALLOWED.fullmatch(path) is None:
        raise ValueError(f"refused to send DELETE {path}")
    for one in (body or {}).get("requests", ()):
        refuse_other_deletions(one["method"], one["url"])
