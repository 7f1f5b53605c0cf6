"""Ports that are built when they are first used.

The SDKs cost over a second to import, and a function app that starts cold must answer a webhook
before that. So what `connect` returns knows how to build each port, and has built none.
"""

from collections.abc import Callable
from typing import Any, cast


class _Lazy[T]:
    """Stands for something that is built at the first look at it."""

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._built: T | None = None

    def __getattr__(self, name: str) -> Any:
        if self._built is None:
            self._built = self._build()
        return getattr(self._built, name)


def lazily[T](build: Callable[[], T]) -> T:
    """Return what `build` returns, built once, when it is first used."""
    return cast(T, _Lazy(build))
