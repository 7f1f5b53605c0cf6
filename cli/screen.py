"""What is written on standard output: tables and sentences that fit a terminal, and survive a pipe.

Nothing is ever cut off: in a terminal what is too wide is folded, and a pipe has no width.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_PIPE_WIDTH = 10_000
_NARROWEST = 16
"""Letters of an id that stay together at least."""


def screen() -> Console:
    """Return the console of standard output, as it is now."""
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    return console


def table(*titles: str, left: int = 1) -> Table:
    """Return an empty table; all columns but the first `left` ones hold numbers.

    Where the terminal is narrow, the texts give way to the numbers.
    """
    result = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    for title in titles[:left]:
        result.add_column(title, overflow="fold")
    for title in titles[left:]:
        result.add_column(title, justify="right", no_wrap=True)
    return result


def write_table(console: Console, shown: Table) -> None:
    """Write a table, or a few lines for each row where the terminal is too narrow for one."""
    for column in shown.columns:
        widest = max((cell_len(str(cell)) for cell in (column.header, *column.cells)), default=0)
        column.min_width = widest if column.no_wrap else min(widest, _NARROWEST)
    unbound = console.options.update(max_width=_PIPE_WIDTH)
    if console.measure(shown, options=unbound).minimum <= console.width:
        console.print(shown)
        return
    titles = [str(column.header) for column in shown.columns]
    rows = zip(*(column.cells for column in shown.columns), strict=True)
    for (name, *cells), each in zip(rows, shown.rows, strict=True):
        console.print(name, style=each.style)
        said = (f"{title} {cell}".strip() for title, cell in zip(titles[1:], cells, strict=True))
        console.print(f"  {', '.join(said)}")


def row(table: Table, *cells: object, style: str = "") -> None:
    """Add a row; numbers get their thousands, and text stays as it is written."""
    table.add_row(*(Text(_cell(cell)) for cell in cells), style=style)


def _cell(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case _:
            return clean(str(value))


def clean(text: str) -> str:
    """Return a text without what would steer a terminal; a line break stays."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def when(moment: datetime | str | None) -> str:
    """Return a moment as people read it, in UTC; a text that is none stays as it is."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return clean(str(moment))
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "never"


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 person` or `1,200 people`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Iterable[str]) -> str:
    """Return names with commas between them."""
    return ", ".join(names)


def named(person: str, names: Mapping[str, str]) -> str:
    """Return a person's id with the name people know her by, where there is one."""
    name = names.get(person)
    return f"{person}  {name}" if name else person
