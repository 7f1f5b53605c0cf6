"""Write kinds of facts into a folder, part by part; a file has its name only once it is whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.errors import WrongInput
from cli.service import Service
from cli.wire import Reply
from domain.kinds import CORE

EVERY = tuple(kind.name for kind in CORE)
"""The kinds that are written unless some are named."""

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
    service: Service, kinds: Sequence[str], format: str, out: Path, snapshot: str
) -> list[Written]:
    """Write some kinds of one snapshot.

    Raises:
        WrongInput: the folder cannot be written into.
        Refused, NoAnswer: the service says no, or does not answer.
    """
    written: list[Written] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for kind in kinds:
            # Whatever was the latest when the first file began: all files are of one snapshot.
            meant = written[0].snapshot if written else snapshot
            written.append(_export(service, kind, format, out, meant))
    except OSError as error:
        raise WrongInput(f"{out} cannot be written into: {error.strerror}.") from None
    return written


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
