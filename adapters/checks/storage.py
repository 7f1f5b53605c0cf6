"""Storage: can blobs and tables be read and written."""

from collections.abc import Sequence

from adapters.checks.around import Around
from adapters.tables.table import Write
from domain.doctor import Observation, Subject, error, fine
from domain.errors import Conflict

NAME, PAGE, PLACE = "storage", "infra/README.md", 60

_PROBE = "doctor"
"""The blob and the row that are written; nothing else has this name."""


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Write, read and remove a blob and a row.

    Raises:
        Later: storage cannot be reached.
        Forbidden: the identity lacks a role; the sentence names it.
    """
    try:
        await _use(around)
    except Conflict as missing:
        return [error(f"{_sentence(missing)} Check STORAGE_BLOBS_URL and STORAGE_TABLES_URL.")]
    return [fine("Blobs and tables can be read and written.")]


async def _use(around: Around) -> None:
    blobs = around.blobs().container("doctor")
    await blobs.write(_PROBE, b"written by doctor")
    await blobs.read(_PROBE)
    await blobs.delete(_PROBE)
    table = around.tables().table("doctor")
    await table.write(_PROBE, [Write("put", _PROBE, {})])


def _sentence(missing: Conflict) -> str:
    """Return what storage said; that someone else was first cannot be so here."""
    return "The storage account is not there: " + str(missing).split(": ", 1)[-1]
