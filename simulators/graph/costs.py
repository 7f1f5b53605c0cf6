"""What a request costs: resource units by operation and query, writes by method and references.

Graph docs, throttling-limits, identity and access: `$select` and a `$top` under 20 make a request
one unit cheaper, `$expand` one dearer, and none is free.
"""

import math

from simulators.graph.settings import Settings
from simulators.graph.throttle import Cost
from simulators.graph.wire import Request

SMALL_TOP = 20
REFERENCES_PER_WRITE = 3  # said by Microsoft to a maker of such a client; not documented
WRITING = frozenset({"POST", "PATCH", "PUT", "DELETE"})


def cost_of(
    request: Request, units: int, *, select_saves: int, writes: bool, settings: Settings
) -> Cost:
    """Return the cost of a request whose operation has this base cost; 0 stays 0."""
    if units == 0:
        return Cost()
    query = request.query
    units -= select_saves * ("$select" in query)
    units -= query.get("$top", "").isdecimal() and int(query["$top"]) < SMALL_TOP
    units += "$expand" in query
    written = _writes(request, settings) if writes and request.method in WRITING else 0
    return Cost(max(units, 1), written)


def references_in(request: Request) -> int:
    """Return how many members a PATCH adds."""
    if request.method != "PATCH" or not request.path.startswith("/groups/"):
        return 0
    references = request.json().get("members@odata.bind", ())
    return len(references) if isinstance(references, list) else 1


def _writes(request: Request, settings: Settings) -> int:
    references = references_in(request)
    if references == 0 or settings.patch_cost == "one":
        return 1
    return math.ceil(references / REFERENCES_PER_WRITE)
