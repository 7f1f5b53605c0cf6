"""Drift: who came into targets, or left them, by someone else's hand."""

from collections.abc import Mapping
from itertools import groupby

from rich.console import Console
from rich.text import Text

from cli.answers.ledger import History, Told
from cli.screen import clean, count, named, when

_SAID = {
    "joined": "came in",
    "left": "left",
    "found": "was inside when Seatflow first looked",
}


def drift(console: Console, found: History) -> None:
    """Write who came and went, by bundle, in order."""
    if not found.lines:
        console.print("As far as is known, nobody came into a target or left it by hand.")
        return
    if found.left_out:
        console.print(f"{count(found.left_out, 'older line')} not shown: narrow it with --since.")
    for bundle, lines in groupby(found.lines, lambda line: line.bundle):
        console.print(Text(clean(bundle), style="bold"))
        for line in lines:
            console.print(f"  {clean(_told(line, found.names))}")


def _told(line: Told, names: Mapping[str, str]) -> str:
    detail = line.detail
    for id, name in names.items():
        detail = detail.replace(id, f"{name} ({id})")
    said = _SAID.get(line.state, line.state)
    what = f"{said}: {detail}" if detail else said
    return f"seen {when(line.at)}  {named(line.person, names)}  {what}"
