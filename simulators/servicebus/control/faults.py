"""Orders for bad days: one function for each fault that `POST /__sim/faults` knows."""

from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any

from simulators.servicebus.control.http import HttpError
from simulators.servicebus.engine.server import Server


def order_faults(server: Server, wishes: dict[str, Any]) -> None:
    """Switch on what is asked for; HttpError when a fault is unknown or its value makes no sense.

    Nothing is switched on unless everything asked for can be.
    """
    for name, value in wishes.items():
        _check(name, value)
    for name, value in wishes.items():
        FAULTS[name](server, value)


def _check(name: str, value: Any) -> None:
    if name not in FAULTS:
        known = ", ".join(FAULTS)
        raise HttpError(HTTPStatus.BAD_REQUEST, f"There is no fault '{name}'; known are {known}.")
    if name in _AT_ONCE:
        if value is not True:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"'{name}' happens at once: send true.")
    elif not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        raise HttpError(HTTPStatus.BAD_REQUEST, f"'{name}' needs a number that is not negative.")


def _drop_connections(server: Server, _now: Any) -> None:
    server.drop_connections()


def _drop_after_frames(server: Server, frames: float) -> None:
    server.faults.frames_left = int(frames) or None


def _refuse_connections(server: Server, seconds: float) -> None:
    server.faults.refuse_until = monotonic() + seconds


def _server_busy(server: Server, seconds: float) -> None:
    server.faults.busy_until = monotonic() + seconds


def _deny_send(server: Server, seconds: float) -> None:
    server.faults.no_send_until = monotonic() + seconds


def _deny_listen(server: Server, seconds: float) -> None:
    server.faults.no_listen_until = monotonic() + seconds


def _delay_sends(server: Server, seconds: float) -> None:
    server.faults.send_delay = seconds


def _expire_locks(server: Server, _now: Any) -> None:
    for queue in server.namespace.every_queue():
        queue.expire_locks()


FAULTS: dict[str, Callable[[Server, Any], None]] = {
    "drop_connections": _drop_connections,
    "drop_after_frames": _drop_after_frames,
    "refuse_connections": _refuse_connections,
    "server_busy": _server_busy,
    "deny_send": _deny_send,
    "deny_listen": _deny_listen,
    "delay_sends": _delay_sends,
    "expire_locks": _expire_locks,
}
_AT_ONCE = {"drop_connections", "expire_locks"}
