"""`python -m benchmarks.fulfillment.sampling FILE MODULE ...`: run a module and note where it is.

Every few milliseconds of processor time the modules on the main thread's stack are noted, with the
moment; an awaited coroutine shows on the stack of whoever awaits it. Far cheaper than cProfile,
which would double the cost of exactly the code that makes many small calls.
"""

import json
import runpy
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

INTERVAL_S = 0.005


class Sampler:
    """Samples of the main thread, each a moment and the number of a stack."""

    def __init__(self) -> None:
        self._stacks: dict[tuple[str, ...], int] = {}
        self._samples: list[tuple[float, int]] = []

    def start(self) -> None:
        """Sample from now on."""
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)

    def stop(self, file: Path) -> None:
        """Sample no more, and write down what was seen."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        file.write_text(json.dumps({"stacks": list(self._stacks), "samples": self._samples}))

    def _sample(self, number: int, frame: FrameType | None) -> None:
        stack = tuple(_modules(frame))
        self._samples.append((time.monotonic(), self._stacks.setdefault(stack, len(self._stacks))))


def _modules(frame: FrameType | None) -> Iterator[str]:
    """Yield the modules on the stack, the innermost first, each once in a row."""
    last = ""
    while frame is not None:
        name = str(frame.f_globals.get("__name__", "?"))
        if name != last:
            yield name
        last, frame = name, frame.f_back


def main(file: str, module: str, *arguments: str) -> None:
    """Run the module as its own command line would, and sample it until it ends."""
    sys.argv = [module, *arguments]
    sampler = Sampler()
    sampler.start()
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        sampler.stop(Path(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
