"""Write kinds of facts into a folder, part by part; a file has its name only once it is whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.errors import Refused, WrongInput
from cli.service import Service
from cli.wire import Reply
from domain.kinds import CORE, FURTHER

_CORE = frozenset(kind.name for kind in CORE)

_UNFINISHED = ".part"


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


def export_all(
    service: Service,
    kinds: Sequence[str],
    format: str,
    out: Path,
    snapshot: str,
    say: Callable[[str], None],
) -> list[Written]:
    """Write some kinds, the core ones of one snapshot and the others as they were read last.

    Args:
        kinds: every kind there is, without any; then those that were never read are left out.

    Raises:
        WrongInput: the folder cannot be written into.
        Refused, NoAnswer: the service says no, or does not answer.
    """
    written: list[Written] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for kind in kinds or [each.name for each in (*CORE, *FURTHER)]:
            try:
                written.append(_export(service, kind, format, out, _meant(kind, snapshot, written)))
            except Refused as never_read:
                if kinds or kind in _CORE:
                    raise
                say(f"Left out: {never_read}")
    except OSError as error:
        raise WrongInput(f"{out} cannot be written into: {error.strerror}.") from None
    return written


def _meant(kind: str, snapshot: str, written: Sequence[Written]) -> str:
    """Return which snapshot to ask for: the one that was the latest when the first file began."""
    if kind not in _CORE:
        return "latest"
    return next((each.snapshot for each in written if each.kind in _CORE), snapshot)


def _export(service: Service, kind: str, format: str, out: Path, snapshot: str) -> Written:
    first = _part(service, kind, format, snapshot, 1)
    snapshot = first.headers.get("x-seatflow-snapshot", snapshot)
    parts = int(first.headers.get("x-seatflow-parts", "1"))
    bodies = _bodies(service, kind, format, snapshot, first, parts)
    path = out / f"{kind}.{format}"
    if format == "csv" or parts == 1:
        _write(path, bodies)
        return Written(kind, path, snapshot, 1)
    folder = out / kind
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{kind}-*.{format}"):
        old.unlink()  # of an earlier export that had more parts
    for number, body in enumerate(bodies, 1):
        _write(folder / f"{kind}-{number:04d}.{format}", iter([body]))
    return Written(kind, folder, snapshot, parts)


def _bodies(
    service: Service, kind: str, format: str, snapshot: str, first: Reply, parts: int
) -> Iterator[bytes]:
    yield first.body
    for number in range(2, parts + 1):
        yield _part(service, kind, format, snapshot, number).body


def _part(service: Service, kind: str, format: str, snapshot: str, number: int) -> Reply:
    query = {"snapshot": snapshot, "format": format, "part": str(number)}
    return service.fetch("inventory", "export", kind, query=query)


def _write(path: Path, bodies: Iterator[bytes]) -> None:
    unfinished = path.with_name(path.name + _UNFINISHED)
    with unfinished.open("wb") as file:
        for body in bodies:
            file.write(body)
    unfinished.replace(path)
