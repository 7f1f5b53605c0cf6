"""Which files of a checkout are the app: what .funcignore leaves, as Core Tools and azd read it."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]


def app_files(root: Path = ROOT) -> Iterator[Path]:
    """Return every file that is deployed, relative to the checkout.

    A line of .funcignore is a name, perhaps with `*`, that is left out wherever it stands.
    """
    ignored = [line for line in (root / ".funcignore").read_text().split() if line[0] != "#"]
    yield from _below(root, root, ignored)


def _below(folder: Path, root: Path, ignored: list[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _below(path, root, ignored)
        else:
            yield path.relative_to(root)
