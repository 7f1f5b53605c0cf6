"""Holds one app in the worker library and invokes its functions as told, one JSON line at a time.

The library has room for one app a process, so tests of the worker talk to this one over its pipes.
"""

import asyncio
import json
import sys
from typing import Any

from local.host import in_process
from local.host.in_process import Message, Worker


async def main() -> None:
    worker = await Worker.start(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        outcome = await worker.invoke(asked["function"], *wire(asked["kind"], asked["given"]))
        body = outcome.http.body.decode(errors="replace") if outcome.succeeded else None
        told = {"returned": body, "error": outcome.error, "trace": outcome.traceback}
        sys.stdout.write(json.dumps({**told, "status": outcome.http.status}) + "\n")
        sys.stdout.flush()
    worker.stop()


def wire(kind: str, given: dict[str, Any]) -> tuple[Any, ...]:
    if kind == "service_bus_batch":
        messages = [Message(**{**m, "body": m["body"].encode()}) for m in given.pop("messages")]
        return in_process.service_bus_batch(messages, **given)
    built = getattr(in_process, kind)(**given)
    return built if isinstance(built, tuple) else (built,)


if __name__ == "__main__":
    asyncio.run(main())
