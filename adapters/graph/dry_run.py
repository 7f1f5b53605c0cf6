"""Dry run: the last gate before the wire, behind which nothing can change the tenant.

What may pass is listed, and everything else is refused, so that a request somebody adds one day
is refused until somebody thinks about it. Reading passes, also where Graph wants a POST for it.
Our own change subscriptions pass, too: they tell us of changes and change nobody's license, and
without them a dry run would show other plans than the live app makes.
"""

import re
from collections.abc import Mapping
from typing import Any

from domain.errors import Never

_READS_BY_POST = re.compile(r"/directoryObjects/getByIds(\?[^/]*)?")
_OURS = re.compile(r"/subscriptions(/[0-9a-fA-F-]+)?")


def refuse_writes(method: str, url: str, body: Mapping[str, Any] | None) -> None:
    """Let a request pass that cannot change the tenant.

    Args:
        method: in any case.
        url: a path below the endpoint, or a link that Graph gave.
        body: that of a batch is looked into: one item that is no GET refuses them all.

    Raises:
        Never: it could change something.
    """
    if method.upper() == "GET" or _OURS.fullmatch(url):
        return
    if method.upper() == "POST" and (_READS_BY_POST.fullmatch(url) or _only_reads(url, body)):
        return
    raise Never(
        "Seatflow runs in dry-run mode, so nothing is written to the tenant.",
        "Set MODE to live to allow it.",
    )


def _only_reads(url: str, body: Mapping[str, Any] | None) -> bool:
    items = (body or {}).get("requests", ())
    return url == "/$batch" and all(item.get("method") == "GET" for item in items)
