"""Jobs as pieces of work in traces."""

from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from typing import Any, Concatenate, Protocol

from domain.ledger import Page
from domain.ports import Ports
from domain.telemetry.work import Work

type Job[**P, R] = Callable[Concatenate[Ports, P], Coroutine[Any, Any, R]]


class _Named(Protocol):
    def __call__[**P, R](self, job: Job[P, R], /) -> Job[P, R]: ...


def work(what: Work, ids: Callable[..., Mapping[str, str]] | None = None) -> _Named:
    """Make a job a piece of work, whoever calls it.

    Args:
        what: its name.
        ids: given what the job is given, but for the ports, returns what it is about.
    """

    def named[**P, R](job: Job[P, R], /) -> Job[P, R]:
        @wraps(job)
        async def told(ports: Ports, /, *args: P.args, **kwargs: P.kwargs) -> R:
            about = ids(*args, **kwargs) if ids else {}
            with ports.telemetry.work(what, **about):
                return await job(ports, *args, **kwargs)

        return told

    return named


def about(page: Page) -> dict[str, str]:
    """Return what a piece of work on a page is about."""
    return {"bundle": page.bundle, "page": page.id, "plan": page.plan, "run": page.run}
