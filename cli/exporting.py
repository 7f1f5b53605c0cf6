"""Write kinds of facts into a folder, part by part; a file has its name only once it is whole."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.errors import Broken, NoAnswer, Refused, WrongInput
from cli.service import Service
from cli.unfinished import Unfinished
from cli.wire import Reply
from domain.kinds import CORE, FURTHER

AGAIN_S = (2, 10, 30)
"""How long to wait before a part is asked for again whose answer broke off."""

_CORE = frozenset(kind.name for kind in CORE)

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, or a folder of files."""

    kind: str
    path: Path
    snapshot: str
    files: int

    def shown(self) -> dict[str, object]:
        """Return it as JSON shows it."""
        return {
            "kind": self.kind,
            "path": str(self.path),
            "snapshot": self.snapshot,
            "files": self.files,
        }


@dataclass(slots=True)
class _Source:
    """The service, asked for one part after the other."""

    service: Service
    format: str
    say: Say
    pause: Callable[[float], None]
    came: bool = False
    """Whether anything has come: nobody waits for a service that is not there at all."""

    def part(self, kind: str, snapshot: str, number: int) -> Reply:
        query = {"snapshot": snapshot, "format": self.format, "part": str(number)}
        for seconds in (*AGAIN_S, None):
            try:
                reply = self.service.fetch("inventory", "export", kind, query=query)
            except Broken as error:
                if seconds is None or not self.came:
                    raise
                self.say(f"{error} Part {number} of {kind} is asked for again in {seconds} s.")
                self.pause(seconds)
            else:
                break
        self.came = True
        return reply


def export_all(
    service: Service,
    kinds: Sequence[str],
    format: str,
    out: Path,
    snapshot: str,
    say: Say,
    pause: Callable[[float], None] = time.sleep,
) -> list[Written]:
    """Write some kinds, the core ones of one snapshot and the others as they were read last.

    Args:
        kinds: every kind there is, without any; then those that were never read are left out.
        pause: waits so many seconds.

    Raises:
        WrongInput: the folder cannot be written into.
        Refused, NoAnswer: the service says no, or does not answer; what has come is kept, and the
            next export into the same folder goes on with it.
    """
    source = _Source(service, format, say, pause)
    try:
        out.mkdir(parents=True, exist_ok=True)
        begun = Unfinished(out, format)
        written = _written(source, begun, kinds, snapshot)
        begun.end()
    except NoAnswer:
        if source.came:
            say("What has come is kept: the same command goes on from there.")
        raise
    except OSError as error:
        raise WrongInput(f"{out} cannot be written into: {error.strerror}.") from None
    return written


def _written(
    source: _Source, begun: Unfinished, kinds: Sequence[str], snapshot: str
) -> list[Written]:
    written: list[Written] = []
    for kind in kinds or [each.name for each in (*CORE, *FURTHER)]:
        try:
            written.append(_export(source, begun, kind, _meant(kind, snapshot, written)))
        except Refused as never_read:
            if kinds or kind in _CORE:
                raise
            source.say(f"Left out: {never_read}")
    return written


def _meant(kind: str, snapshot: str, written: Sequence[Written]) -> str:
    """Return which snapshot to ask for: the one that was the latest when the first file began."""
    if kind not in _CORE:
        return "latest"
    return next((each.snapshot for each in written if each.kind in _CORE), snapshot)


def _export(source: _Source, begun: Unfinished, kind: str, snapshot: str) -> Written:
    first = source.part(kind, snapshot, 1)
    snapshot = first.headers.get("x-seatflow-snapshot", snapshot)
    parts = int(first.headers.get("x-seatflow-parts", "1"))
    path = begun.path(kind, parts)
    written = Written(kind, path, snapshot, 1 if path.suffix else parts)
    if begun.is_whole(kind, snapshot, path):
        source.say(f"{path} is whole from before.")
        return written
    here = begun.parts(kind, snapshot, first.body, source.say)
    missing = sorted(frozenset(range(1, parts + 1)) - here.here())
    if len(missing) < parts - 1:
        source.say(f"Going on with {kind}: {parts - len(missing)} of {parts} parts are here.")
    for number in missing:
        here.add(number, source.part(kind, snapshot, number).body)
    here.become(path)
    return written
