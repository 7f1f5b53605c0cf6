"""The history of the ledger: whether it is whole, what it tells, who held what."""

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from cli.answers.ledger import HeldOn, History, Holding, Told, Verified
from cli.screen import clean, count, named, when

_ENTRIES = ("entry", "entries")


def verified(console: Console, found: Sequence[Verified]) -> None:
    """Write for each bundle whether its history is whole, and what to note of it."""
    if not found:
        console.print("No bundles are stored, so there is no history.")
    for each in found:
        entries = count(each.entries, *_ENTRIES)
        if each.breaks:
            console.print(Text(f"{clean(each.bundle)}: BROKEN, {entries}.", style="bold red"))
            for sentence in each.breaks:
                console.print(f"  {clean(sentence)}")
        elif each.entries:
            console.print(f"{clean(each.bundle)}: whole, {entries}.")
            console.print(f"  Note: {each.entries}:{clean(each.hash)}")
        else:
            console.print(f"{clean(each.bundle)}: nothing was decided yet.")


def history(console: Console, found: History) -> None:
    """Write the lines by bundle, what one transaction did under one heading."""
    if not found.lines:
        console.print("The history tells nothing of this.")
        return
    if found.left_out:
        console.print(f"{count(found.left_out, 'older line')} not shown: narrow it with --since.")
    for (bundle, number), lines in groupby(found.lines, lambda line: (line.bundle, line.number)):
        _entry(console, bundle, number, list(lines), found)


def _entry(
    console: Console, bundle: str, number: int, lines: Sequence[Told], found: History
) -> None:
    first = lines[0]
    run = f", run {first.run}" if first.run else ""
    by = f", by {first.by}" if first.by else ""
    heading = f"{bundle} {number}, {when(first.at)}{run}{by}"
    console.print(Text(clean(heading), style="bold"))
    for line in lines:
        what = f"{line.action} {line.state}".strip()
        console.print(f"  {clean(named(line.person, found.names))}  {clean(what)}")
        for said in _said(line):
            console.print(f"    {clean(said)}")


def _said(line: Told) -> list[str]:
    why = f"Why: {line.reason}" if line.reason else ""
    detail = " ".join(part for part in (line.error, line.detail) if part)
    return [said for said in (why, detail) if said]


def held(console: Console, found: HeldOn) -> None:
    """Write who held what, by bundle, and first whether that can be relied on."""
    for sentence in found.breaks:
        console.print(Text(f"BROKEN {clean(sentence)}", style="bold red"))
    if not found.holdings:
        console.print(f"As far as the history tells, nobody held this on {when(found.on)}.")
    for bundle, holdings in groupby(found.holdings, lambda each: each.bundle):
        everyone = list(holdings)
        people = count(len(everyone), "person", "people")
        console.print(Text(f"{clean(bundle)}: {people} on {when(found.on)}", style="bold"))
        for each in everyone:
            console.print(f"  {clean(named(each.person, found.names))}  {_since(each)}")


def _since(each: Holding) -> str:
    by = f", by {each.by}" if each.by else ""
    detail = f" ({each.detail})" if each.detail else ""
    why = f": {each.reason}" if each.reason else "."
    said = f"since {when(each.since)}, entry {each.number:,}{by}, {each.state}{detail}{why}"
    return clean(said)
