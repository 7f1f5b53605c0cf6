"""Dry run: the last gates before the wire, behind which nothing can change the tenant.

What may pass is listed, and everything else is refused, so that a request somebody adds one day
is refused until somebody thinks about it. Reading passes, also where Graph wants a POST for it.
Our own change subscriptions pass, too: they tell us of changes and change nobody's license, and
without them a dry run would show other plans than the live app makes. A visit, which looks at a
tenant from somebody's own machine, writes nothing at all, so there they do not pass.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import Never

type Gate = Callable[[str, str, Mapping[str, Any] | None], None]
"""Takes method, address and body of a request, and raises Never for what may not pass."""

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
    if not _reads(method, url, body) and not _OURS.fullmatch(url):
        raise Never(
            "Seatflow runs in dry-run mode, so nothing is written to the tenant.",
            "Set MODE to live to allow it.",
        )


def refuse_all_writes(method: str, url: str, body: Mapping[str, Any] | None) -> None:
    """Let a request pass that only reads; the arguments are those of `refuse_writes`.

    Raises:
        Never: it does not only read.
    """
    if not _reads(method, url, body):
        raise Never(
            "Seatflow only looks at this tenant, so nothing is written to it.",
            "To write, deploy it: docs/deployment.md.",
        )


def _reads(method: str, url: str, body: Mapping[str, Any] | None) -> bool:
    if method.upper() == "POST":
        return bool(_READS_BY_POST.fullmatch(url)) or _only_reads(url, body)
    return method.upper() == "GET"


def _only_reads(url: str, body: Mapping[str, Any] | None) -> bool:
    items = (body or {}).get("requests", ())
    return url == "/$batch" and all(item.get("method") == "GET" for item in items)
