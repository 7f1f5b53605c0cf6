"""Versions: Python, and the libraries whose versions matter when something is reported."""

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from adapters.checks.around import Around
from domain.doctor import Observation, Subject, error, fine

NAME, PAGE, PLACE = "versions", "docs/settings.md", 90

PYTHON = (3, 13)
_TOLD = ("azure-functions", "azure-servicebus", "azure-data-tables", "msgraph-core")


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Say which versions run."""
    found = sys.version_info[:2]
    running = ".".join(map(str, sys.version_info[:3]))
    if found != PYTHON:
        return [error(f"Python {running} runs, and Seatflow is for 3.13: set the app's runtime.")]
    return [fine(f"Python {running}, {', '.join(f'{each} {_version(each)}' for each in _TOLD)}.")]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"
