"""Bad weather at Graph: faults to order from the simulator, a fifth of all requests together."""

from typing import Any

type Fault = dict[str, Any]

_ITEMS = ".* /groups/.*"
_BATCHES = "POST /\\$batch"
_READS = "GET /(users|groups|subscribedSkus).*"

STORM: tuple[Fault, ...] = (
    # Items of a batch: each by itself, some of them carried out although the answer says no.
    {"match": _ITEMS, "in_batch": True, "status": 429, "retry_after": 1, "share": 0.04},
    {"match": _ITEMS, "in_batch": True, "status": 503, "retry_after": 1, "share": 0.04},
    {"match": _ITEMS, "in_batch": True, "status": 504, "retry_after": 1, "share": 0.04}
    | {"when": "after"},
    {"match": _ITEMS, "in_batch": True, "status": 500, "retry_after": 1, "share": 0.04},
    {"match": _ITEMS, "in_batch": True, "status": 500, "retry_after": 1, "share": 0.04}
    | {"when": "after"},
    # Whole batches: an error, half an answer, none, before and after the work.
    {"match": _BATCHES, "status": 429, "retry_after": 1, "share": 0.04},
    {"match": _BATCHES, "status": 503, "retry_after": 1, "share": 0.04},
    {"match": _BATCHES, "status": 504, "retry_after": 1, "share": 0.04, "when": "after"},
    {"match": _BATCHES, "body": "half", "share": 0.04, "when": "after"},
    {"match": _BATCHES, "body": "none", "share": 0.04, "when": "after"},
    # Reads.
    {"match": _READS, "status": 503, "retry_after": 1, "share": 0.05},
    {"match": _READS, "status": 429, "retry_after": 1, "share": 0.05},
    {"match": _READS, "body": "half", "share": 0.05},
    {"match": _READS, "status": 500, "share": 0.05},
)
"""A fifth of everything that reaches Graph goes wrong in some way."""

SILENCE: tuple[Fault, ...] = ({"match": _BATCHES, "body": "timeout", "times": 1, "when": "after"},)
"""One batch is carried out and never answered: the client waits out its own patience."""

REFUSALS: tuple[Fault, ...] = (
    {"match": _ITEMS, "in_batch": True, "status": 403, "share": 0.1}
    | {"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete."},
    {"match": _ITEMS, "in_batch": True, "status": 400, "share": 0.1}
    | {"code": "Request_BadRequest", "message": "One or more properties are invalid."},
)
"""Answers that say never, for a fifth of the items of a batch."""
