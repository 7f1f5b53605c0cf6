"""What one side of a comparison says of itself: seconds, peak memory, and what it came to."""

import hashlib
import json
import resource
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager


class Measured:
    """Seconds by phase: on the clock, and of the processor over all threads."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what happens inside as one phase."""
        began, processor = time.perf_counter(), time.process_time()
        yield
        self.seconds[name] = time.perf_counter() - began
        self.processor[name] = time.process_time() - processor

    def report(self, **also: object) -> None:
        """Print everything as one line of JSON."""
        print(json.dumps({"seconds": self.seconds, "processor": self.processor, **also}))


def peak() -> float:
    """Return the largest resident set of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def digest(people: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> dict[str, list[object]]:
    """Return for each bundle how many join and leave, and a hash of exactly who."""
    return {id: [*_count(joining), *_count(leaving)] for id, (joining, leaving) in people.items()}


def _count(ids: Iterable[str]) -> tuple[int, str]:
    ordered = sorted(ids)
    return len(ordered), hashlib.sha256("".join(ordered).encode()).hexdigest()[:16]
