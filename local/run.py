"""Run the one command until it is done or told to stop."""

import asyncio
import signal

from local.options import Options
from local.programs import programs
from local.progress import Display
from local.simulated import Simulated
from local.stack import Choice
from local.visit import Visit

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run_until_signaled(options: Options, display: Display, choose: Choice = programs) -> int:
    """Run the main job; return the exit code. SIGINT, SIGTERM and SIGHUP stop it in good order.

    Raises:
        StackError: it cannot start or go on; nothing is left running.
    """
    job = (Visit if options.live else Simulated)(options, display, choose)
    task = asyncio.ensure_future(job.run())
    received: list[int] = []

    def stop(number: int) -> None:
        received.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        return 0 if job.converged else 128 + received[0]
    return 0
