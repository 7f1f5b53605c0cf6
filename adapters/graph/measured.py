"""What Graph's answers tell of how it is used, as metrics.

Source: Graph docs, throttling-limits, identity and access: `x-ms-resource-unit` is what an answer
cost, `x-ms-throttle-limit-percentage` how full a limit is, told above 0.8.
"""

from adapters.graph.pace.lessons import THROTTLED, share_of
from adapters.graph.reply import Reply
from domain.ports import Telemetry
from domain.telemetry.metrics import GRAPH_REQUESTS, GRAPH_THROTTLE, GRAPH_THROTTLED, GRAPH_UNITS


def measure(telemetry: Telemetry, reply: Reply) -> None:
    """Tell what one answer says."""
    telemetry.measure(GRAPH_REQUESTS, 1, status=f"{reply.status // 100}xx")
    units = reply.headers.get("x-ms-resource-unit", "")
    if units.isdecimal():
        telemetry.measure(GRAPH_UNITS, int(units))
    if share := share_of(reply):
        telemetry.measure(GRAPH_THROTTLE, 100 * share)
    if reply.status == THROTTLED:
        telemetry.measure(GRAPH_THROTTLED, 1)
