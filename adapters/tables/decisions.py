"""What a decision, and its progress, write into the ledger: pure, and in one place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from azure.data.tables import TableEntity

from adapters.tables.entries import Chain, chain_writes
from adapters.tables.heads import head_values
from adapters.tables.rows import page_values, row_values
from adapters.tables.table import Write, guarded, key, version_of
from domain.chain import Entry
from domain.head import Head
from domain.ledger import Page, Row

HEAD, PAGE, PERSON, WAIT, LEAVE, UNDONE = "o:head", "o:page:", "p:", "w:", "l:", "u:"
OPEN = "o:"
"""The row of a bundle's head, and how the rows of pages, people, and those who wait, leave, or for
whom a run was undone begin;
what is open stands together, the tally with it, so that one read finds it."""


def head_write(head: Head) -> Write:
    """Return the write that moves a head on: from the version read, or from nothing."""
    return guarded(HEAD, head_values(head), head.version)


def decision_writes(
    head: Head, page: Page, earlier: Iterable[Page], entry: Entry, chain: Chain
) -> list[Write]:
    """Return what a page of decisions writes, the head first.

    Raises:
        ValueError: these are not all about one bundle.
    """
    check_bundle(head.bundle, [page], ())
    insert = Write("insert", PAGE + key(page.id), page_values(page))
    told = chain_writes(entry, chain, chain.tally)
    return [head_write(head), insert, *map(_page_write, earlier), *told]


def progress_writes(
    before: Page, page: Page, rows: Sequence[Row], entry: Entry | None, chain: Chain
) -> list[Write]:
    """Return what a page's progress writes, the page first; one that ended is removed.

    Args:
        before: the page as it is stored.
        entry: what the history is told; None where there is no news, and nothing to count.
    """
    check_bundle(page.bundle, [page], rows)
    told = chain_writes(entry, chain, chain.tally.add(before, page, rows)) if entry else []
    return [_page_write(page), *told, *row_writes(rows)]


def moved_on(page: Page, version: str) -> Page | None:
    """Return the page as it was written, or None when it ended."""
    return replace(page, version=version) if page.open() else None


def is_current(page: Page, stored: TableEntity | None) -> bool:
    """Tell whether the page is still as it was read."""
    return stored is not None and version_of(stored) == page.version


def _page_write(page: Page) -> Write:
    row = PAGE + key(page.id)
    if page.open():
        return Write("replace", row, page_values(page), page.version)
    return Write("remove", row, {}, page.version)


def row_writes(rows: Iterable[Row], versions: Mapping[str, str] | None = None) -> list[Write]:
    """Return what rows write.

    Args:
        versions: by person, as what must stand there now; without it whatever stood there.
    """
    return [
        Write(
            "merge", PERSON + key(row.person), row_values(row), (versions or {}).get(row.person, "")
        )
        for row in rows
    ]


def check_bundle(bundle: str, pages: Iterable[Page], rows: Iterable[Row]) -> None:
    """Check that all of these are about one bundle.

    Raises:
        ValueError: they are not.
    """
    strangers = {*(page.bundle for page in pages), *(row.bundle for row in rows)} - {bundle}
    if strangers:
        raise ValueError(f"Bundle {bundle} and {sorted(strangers)} cannot be written as one.")
