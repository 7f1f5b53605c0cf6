"""Read what was sampled: which layer of Seatflow the processor worked for, and in which modules."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LAYERS = {
    "adapters.graph": "Graph (adapters.graph and the SDK below it)",
    "adapters.tables": "ledger and other tables (adapters.tables)",
    "adapters.warehouse": "snapshots (adapters.warehouse)",
    "adapters.servicebus": "sending messages (adapters.servicebus)",
    "adapters": "other adapters",
    "domain": "deciding (domain)",
    "functions": "triggers (functions)",
    "azure_functions_runtime": "Microsoft's Python worker",
    "local.host": "the local host: receiving, settling, logs (Azure's own host elsewhere)",
}
"""By the first words of a module's name: the innermost of these on a stack has the sample."""

_JOBS = "domain.jobs."
_REST = "event loop and everything else"
_EVERYWHERE = ("asyncio", "runpy", "threading", "selectors", "__main__", "benchmarks", "_frozen")


@dataclass(frozen=True)
class Profile:
    """Stacks of modules, innermost first, one for each sample."""

    stacks: Sequence[tuple[str, ...]]

    def layers(self) -> Counter[str]:
        """Count the samples of each layer."""
        return Counter(_layer(stack) for stack in self.stacks)

    def jobs(self) -> Counter[str]:
        """Count the samples of each job: the outermost one on a stack has the sample."""
        return Counter(_job(stack) for stack in self.stacks)

    def modules(self) -> Counter[str]:
        """Count the samples with a module anywhere on the stack; without what is on them all."""
        return Counter(
            module
            for stack in self.stacks
            for module in set(stack)
            if not module.startswith(_EVERYWHERE)
        )

    def packages(self) -> Counter[str]:
        """Count the samples in which a package itself was at work."""
        return Counter(".".join(stack[0].split(".")[:2]) for stack in self.stacks if stack)


def read_profile(file: Path, since: float, until: float) -> Profile:
    """Read the samples taken between two moments of the monotonic clock."""
    document = json.loads(file.read_text())
    stacks = [tuple(stack) for stack in document["stacks"]]
    return Profile([stacks[number] for at, number in document["samples"] if since <= at <= until])


def _layer(stack: tuple[str, ...]) -> str:
    for module in stack:
        for prefix, name in _LAYERS.items():
            if module == prefix or module.startswith(f"{prefix}."):
                return name
    return _REST


def _job(stack: tuple[str, ...]) -> str:
    jobs = [module for module in stack if module.startswith(_JOBS)]
    return jobs[-1].removeprefix(_JOBS) if jobs else "no job (host, worker, event loop)"
