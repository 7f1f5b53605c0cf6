"""For tests of triggers: the real worker library in this process; no server, broker or clock.

The app is indexed and its functions are called by Microsoft's own library, so a wrong annotation, a
parameter nobody binds or a property the real host loses fails here as it would in Azure.

    worker = await Worker.start("path/to/app")            # the folder with function_app.py

    outcome = await worker.invoke("health", http_request("GET", "/api/health"))
    assert outcome.http.status == 200
    assert outcome.http.json() == {"status": "ok"}

    outcome = await worker.invoke("fulfill", *service_bus_message("{}", session_id="g1"))
    assert outcome.succeeded, outcome.traceback

    outcome = await worker.invoke("compile", timer_info(past_due=True))
    assert outcome.error == "ValueError: no bundles"

One process holds one app: start the worker once, in a session-scoped fixture.
"""

from local.host.outcome import HttpReply, Outcome
from local.host.wire_http import http_request
from local.host.wire_service_bus import Message, service_bus_batch, service_bus_message
from local.host.wire_timer import ScheduleStatus, timer_info
from local.host.worker import Function, Worker

__all__ = [
    "Function",
    "HttpReply",
    "Message",
    "Outcome",
    "ScheduleStatus",
    "Worker",
    "http_request",
    "service_bus_batch",
    "service_bus_message",
    "timer_info",
]
