"""The locked packages as they run in Azure: for Linux, without what is never loaded there."""

import shutil
import subprocess
import sys
from pathlib import Path

PLACE = Path(".python_packages/lib/site-packages")
"""Where the worker looks for them (Functions docs: Python, folder structure)."""

_PLATFORM = ("--python-platform", "x86_64-manylinux_2_28", "--python-version", "3.13")

UNUSED = (
    "**/tests",
    "bin",
    "pyarrow/include",
    "pyarrow/src",
    "pyarrow/**/*.pxd",
    "pyarrow/**/*.pyx",
    "pyarrow/**/*.pxi",
    # Arrow over the network, and buckets of Amazon's; `pyarrow.fs` does without either.
    "pyarrow/libarrow_flight.so*",
    "pyarrow/_flight*",
    "pyarrow/libarrow_s3.so*",
    "pyarrow/_s3fs*",
    # A wheel has no links, so this library is there three times; its file is loaded by the second
    # of these names.
    "pyarrow/libarrow_python.so",
    "pyarrow/libarrow_python.so.*.*.*",
    "numpy/_core/include",
    "numpy/_core/lib",
    "**/*.pyi",
)


def install(requirements: Path, target: Path) -> None:
    """Install what the lock file names, each checked against its hash; nothing is built.

    Raises:
        CalledProcessError: uv could not; it says why itself.
    """
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    command += [*_PLATFORM, "--target", str(target), "-r", str(requirements)]
    subprocess.run(command, check=True)


def strip(packages: Path) -> None:
    """Remove what is never loaded."""
    for pattern in UNUSED:
        for path in list(packages.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def compile_all(folder: Path) -> None:
    """Write bytecode that is taken as it is, whatever times the files get when they are unpacked.

    A start in Azure can keep none: its files cannot be written to.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-j", "0"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(folder), str(folder)]
    subprocess.run(command, check=True)
