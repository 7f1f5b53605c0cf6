"""What a decision, and its progress, write into the ledger: pure, and in one place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from azure.data.tables import TableEntity

from adapters.tables.heads import head_values
from adapters.tables.rows import (
    page_values,
    read_page,
    read_tally,
    row_values,
    tally_values,
)
from adapters.tables.table import Write, guarded, key, version_of
from domain.head import Head
from domain.ledger import Page, Row, Tally

HEAD, TALLY, PAGE, PERSON, WAIT, LEAVE = "o:head", "o:tally", "o:page:", "p:", "w:", "l:"
OPEN = "o:"
"""The row of a bundle's head and tally, and how the rows of pages, people, and those who wait or
leave begin; what is open stands together, so that one read finds it."""


def head_write(head: Head) -> Write:
    """Return the write that moves a head on: from the version read, or from nothing."""
    return guarded(HEAD, head_values(head), head.version)


def decision_writes(head: Head, page: Page, earlier: Iterable[Page]) -> list[Write]:
    """Return what a page of decisions writes, the head first.

    Raises:
        ValueError: these are not all about one bundle.
    """
    _check(head.bundle, page, ())
    insert = Write("insert", PAGE + key(page.id), page_values(page))
    return [head_write(head), insert, *map(_page_write, earlier)]


def progress_writes(
    page: Page, rows: Sequence[Row], stored: TableEntity, tally: TableEntity | None
) -> list[Write]:
    """Return what a page's progress writes, the page first; one that ended is removed."""
    _check(page.bundle, page, rows)
    before = read_tally(tally) if tally else Tally()
    after = before.add(read_page(page.bundle, stored), page, rows)
    return [_page_write(page), *_tally_write(tally, after), *_row_writes(rows)]


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


def _row_writes(rows: Iterable[Row]) -> list[Write]:
    return [Write("merge", PERSON + key(row.person), row_values(row)) for row in rows]


def _tally_write(before: TableEntity | None, after: Tally) -> list[Write]:
    if after == (read_tally(before) if before else Tally()):
        return []
    return [guarded(TALLY, tally_values(after), version_of(before) if before else "")]


def _check(bundle: str, page: Page, rows: Iterable[Row]) -> None:
    strangers = {page.bundle, *(row.bundle for row in rows)} - {bundle}
    if strangers:
        raise ValueError(f"Bundle {bundle} and {sorted(strangers)} cannot be written as one.")
