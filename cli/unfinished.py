"""What an export has in its folder before it is whole: nothing there has the name it is to have.

    DIR/export.part               which snapshot each kind is of, until all kinds are whole
    DIR/KIND.FORMAT.part/         the parts of a kind that have come; each is whole by itself

So an export that broke goes on where it was, when the snapshot is still the same.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

_UNFINISHED = ".part"


class Parts:
    """The parts of one kind that are here."""

    def __init__(self, folder: Path, kind: str, format: str) -> None:
        self._folder = folder
        self._kind = kind
        self._format = format

    def begin(self, first: bytes, *, same: bool) -> bool:
        """Keep the first part; tell whether other parts were here that are not of the same.

        Another version of the app may cut or write the same snapshot in another way: then the
        first part is another one.
        """
        one = self._path(1)
        if same and one.is_file() and one.read_bytes() == first:
            return False
        others = self._folder.exists()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        self.add(1, first)
        return others

    def add(self, number: int, body: bytes) -> None:
        """Keep a part."""
        unfinished = self._folder / f"{number}{_UNFINISHED}"
        unfinished.write_bytes(body)
        unfinished.replace(self._path(number))

    def here(self) -> frozenset[int]:
        """Return the numbers of the parts that are here."""
        return frozenset(int(path.stem.rpartition("-")[2]) for path in self._ours(self._folder))

    def become(self, path: Path) -> None:
        """Give all the parts the name that is theirs: of a file, or of a folder of files."""
        if path.suffix:
            self._become_file(path)
        else:
            self._become_folder(path)

    def _become_file(self, path: Path) -> None:
        whole = self._folder / f"whole{_UNFINISHED}"
        with whole.open("wb") as file:
            for part in sorted(self._ours(self._folder)):
                file.write(part.read_bytes())
        whole.replace(path)
        shutil.rmtree(self._folder)
        self._clear(path.with_suffix(""))

    def _become_folder(self, path: Path) -> None:
        for litter in self._folder.glob(f"*{_UNFINISHED}"):
            litter.unlink()
        before = path.with_name(f"{path.name}.before{_UNFINISHED}")
        self._clear(before, into=path if path.exists() else self._folder)  # of one that broke here
        if path.exists():
            path.rename(before)
        self._folder.rename(path)
        self._clear(before, into=path)
        path.with_suffix(f".{self._format}").unlink(missing_ok=True)

    def _clear(self, folder: Path, into: Path | None = None) -> None:
        """Take an earlier export's parts away; what else somebody put there stays, or moves."""
        if not folder.is_dir():
            return
        for part in [*self._ours(folder)]:
            part.unlink()
        for other in [*folder.iterdir()]:
            if into is None:
                return
            other.rename(into / other.name)
        folder.rmdir()

    def _ours(self, folder: Path) -> Iterator[Path]:
        return folder.glob(f"{self._kind}-*.{self._format}")

    def _path(self, number: int) -> Path:
        return self._folder / f"{self._kind}-{number:04d}.{self._format}"


class Unfinished:
    """An export into a folder, which may have been begun before."""

    def __init__(self, out: Path, format: str) -> None:
        self._out = out
        self._format = format
        self._note = out / f"export{_UNFINISHED}"
        self._of = _read(self._note)

    def path(self, kind: str, parts: int) -> Path:
        """Return what a kind becomes: parts of Parquet cannot be put together by joining them."""
        together = self._format == "csv" or parts == 1
        return self._out / (f"{kind}.{self._format}" if together else kind)

    def is_whole(self, kind: str, snapshot: str, path: Path) -> bool:
        """Tell whether this export has written this kind already."""
        of = self._of.get(self._name(kind))
        return of == snapshot and path.exists() and not self._folder(kind).exists()

    def parts(self, kind: str, snapshot: str, first: bytes, say: Callable[[str], None]) -> Parts:
        """Return the parts of a kind that are here, the first one at least.

        What has come of another snapshot goes.
        """
        parts = Parts(self._folder(kind), kind, self._format)
        if parts.begin(first, same=self._of.get(self._name(kind)) == snapshot):
            say(f"{kind} begins again: what had come is of another snapshot or version.")
        self._of[self._name(kind)] = snapshot
        self._note.write_text(json.dumps(self._of))
        return parts

    def end(self) -> None:
        """Note that everything is whole: the next export is another one."""
        self._note.unlink(missing_ok=True)

    def _name(self, kind: str) -> str:
        return f"{kind}.{self._format}"

    def _folder(self, kind: str) -> Path:
        return self._out / f"{self._name(kind)}{_UNFINISHED}"


def _read(note: Path) -> dict[str, str]:
    try:
        found = json.loads(note.read_text())
    except (FileNotFoundError, ValueError):
        return {}  # the note alone was cut off: all begins again
    return found if isinstance(found, dict) else {}
