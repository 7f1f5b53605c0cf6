"""Faults on order: any call of a fake can be told to fail, before or after it has taken effect.

Calls that are under way at the same time overtake each other, as they do on the wire.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate

_WAITS = (0, 2, 0, 0, 1, 3, 0, 1)
"""Turns of the event loop that one call after the other takes; no time really passes."""


class Crash(Exception):
    """The process ended here; no code of ours expects this, as none can run after a SIGKILL."""


@dataclass(frozen=True, slots=True)
class _Fault:
    call: str
    before: bool
    error: Exception


class _Pace:
    """How long one call after the other takes; it is no part of what a fake keeps."""

    def __init__(self) -> None:
        self._calls = 0

    def __repr__(self) -> str:
        return "pace"

    async def wait(self) -> None:
        self._calls += 1
        for _ in range(_WAITS[self._calls % len(_WAITS)]):
            await asyncio.sleep(0)


class Faulty:
    """Something that can be told to fail."""

    def __init__(self) -> None:
        self._faults: list[_Fault] = []
        self._pace = _Pace()

    def fail_next(self, call: str, before: bool = True, error: Exception | None = None) -> None:
        """Let the next call of that name raise, without its effect or (`before=False`) after it.

        Orders of the same call are carried out one after the other.
        """
        getattr(self, call)  # a name that is misspelled fails here
        self._faults.append(_Fault(call, before, error or Crash(call)))

    def _due(self, call: str) -> _Fault | None:
        fault = next((fault for fault in self._faults if fault.call == call), None)
        if fault:
            self._faults.remove(fault)
        return fault


def can_fail[S: Faulty, **P, T](
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Make an async method of a fake heed `fail_next`."""
    name = method.__name__

    async def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        await self._pace.wait()
        fault = self._due(name)
        if fault and fault.before:
            raise fault.error
        answer = await method(self, *args, **kwargs)
        if fault:
            raise fault.error
        return answer

    update_wrapper(call, method)
    return call
