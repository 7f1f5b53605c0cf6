"""`python -m infra.package FOLDER`: make the package in an empty folder; say how large it is."""

import argparse
import sys
from pathlib import Path

from infra.package.made import make
from infra.package.packages import PLACE

MB = 1_000_000


def main(folder: Path, *, plain: bool = False) -> int:
    """Make the package and tell of it; returns the exit code."""
    if folder.exists() and any(folder.iterdir()):
        sys.stderr.write(f"{folder} is not empty.\n")
        return 2
    make(folder, plain=plain)
    _tell(folder, folder / PLACE)
    return 0


def _tell(folder: Path, packages: Path) -> None:
    whole = _size(folder)
    print(f"{folder}: {whole / MB:.0f} MB, of which")
    parts = {path.name: _size(path) for path in packages.iterdir() if path.suffix != ".dist-info"}
    parts["the app itself"] = whole - _size(packages)
    for name, size in sorted(parts.items(), key=lambda part: -part[1])[:8]:
        print(f"{size / MB:6.1f} MB  {name}")


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plain", action="store_true", help="as Azure's own build makes it")
    given = parser.parse_args()
    sys.exit(main(given.folder, plain=given.plain))
