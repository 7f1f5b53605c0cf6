"""The deployed package: as Azure's own build makes it, and as `infra.package` does."""

import shutil
import statistics
import tempfile
from pathlib import Path

from infra.package.made import LOADED, make
from infra.package.made import run as run_in
from infra.package.packages import PLACE

_ROUNDS = 5
_TIMED = "import time; t = time.perf_counter()\n{}\nprint(time.perf_counter() - t)"
_SUBJECTS = {"import function_app": "import function_app", "import all of it": LOADED}
_MB = 1_000_000


async def run() -> None:
    """Print sizes, unpacked and zipped, and the medians of imports where nothing can be written."""
    _measure()


def _measure() -> None:
    with tempfile.TemporaryDirectory() as place:
        for name, plain in (("as Azure builds it", True), ("infra.package", False)):
            folder = Path(place) / name.replace(" ", "-")
            make(folder, plain=plain)
            zipped = Path(shutil.make_archive(str(folder), "zip", folder)).stat().st_size
            print(f"{name}: {_size(folder) / _MB:.0f} MB, zipped {zipped / _MB:.0f} MB")
            for subject, code in _SUBJECTS.items():
                took = [float(run_in(folder, _TIMED.format(code))) for _ in range(_ROUNDS)]
                print(f"  {subject:20} {statistics.median(took) * 1000:7.0f} ms")
            _tell_largest(folder / PLACE)


def _tell_largest(packages: Path) -> None:
    largest = sorted(((_size(path), path.name) for path in packages.iterdir()), reverse=True)
    print("  " + ", ".join(f"{name} {size / _MB:.0f} MB" for size, name in largest[:6]))


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
