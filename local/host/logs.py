"""Log lines that say which invocation of which function they belong to."""

import logging
import sys
import time
from collections.abc import Mapping

from azure_functions_runtime import invocation_id_cv

_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(invocation)s%(name)s: %(message)s"


def start_logging(running: Mapping[str, str]) -> None:
    """Send log lines to stderr, from INFO up, those of the Azure SDKs from WARNING.

    `running` maps invocation ids to function names. A line written within an invocation begins with
    `[function invocation-id]`, whether the function is a coroutine or runs in the library's
    threads.
    """
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(InvocationNames(running))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("azure").setLevel(logging.WARNING)


class InvocationNames(logging.Filter):
    """Gives every record its `invocation`: "[function invocation-id] ", or "" outside of one."""

    def __init__(self, running: Mapping[str, str]) -> None:
        super().__init__()
        self._running = running

    def filter(self, record: logging.LogRecord) -> bool:
        """Name the record's invocation; lets every record through."""
        invocation_id = invocation_id_cv.get()
        name = self._running.get(invocation_id or "")
        record.invocation = f"[{name} {invocation_id}] " if name else ""
        return True
