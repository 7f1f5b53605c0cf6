"""The further kinds of facts: how many of each, as of when, and what is wrong or to be known."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from cli.answers.kinds import KindStatus
from cli.screen import clean, count, listed, row, table, when, write_table


def kinds(console: Console, found: Sequence[KindStatus]) -> None:
    """Write a row per kind that is on, then a sentence for whatever people must know."""
    on = [each for each in found if each.on]
    if on:
        shown = table("facts", "rows", "as of")
        for each in on:
            row(shown, each.name, each.rows, when(each.taken_at))
        console.print()
        write_table(console, shown)
    for each in on:
        for said in _sentences(each):
            console.print(clean(f"{each.name}: {said}"))
    off = [each.name for each in found if not each.on]
    if off:
        console.print(clean(f"Not read, because they are off: {listed(off)}."))


def _sentences(kind: KindStatus) -> Iterator[str]:
    if kind.failure:
        yield f"the read of {when(kind.failed_at)} failed. {kind.failure}"
    elif kind.reading is not None:
        yield f"a read goes on, with {count(kind.reading, 'row')} so far."
    elif kind.due and kind.taken_at:
        yield "a new read is due."
    yield from kind.remarks
