"""Work in the background that does not die in silence."""

import asyncio
from collections.abc import Coroutine


def start(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """Start a task whose failure is reported when it happens, not when it is collected."""
    task = asyncio.create_task(work)
    task.add_done_callback(_report)
    return task


def _report(task: asyncio.Task[None]) -> None:
    if task.cancelled() or task.exception() is None:
        return
    task.get_loop().call_exception_handler(
        {"message": "work in the background failed", "exception": task.exception(), "task": task}
    )
