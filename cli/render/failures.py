"""What came to nothing: whose change, why, how often, and what comes next."""

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from cli.answers.failures import Failure, Failures, Replayed, Unreadable
from cli.screen import clean, count, when


def failures(console: Console, found: Failures) -> None:
    """Write the changes by bundle, then the messages that nobody could read."""
    if not found.changes and not found.messages:
        console.print("Nothing came to nothing.")
        return
    for bundle, changes in groupby(found.changes, lambda each: each.row.bundle):
        everyone = list(changes)
        title = f"{bundle}: {count(len(everyone), 'change')} came to nothing"
        console.print(Text(clean(title), style="bold"))
        for each in everyone:
            for line in _lines(each):
                console.print(clean(line))
    _messages(console, found.messages)
    console.print()
    console.print("`seatflow replay` tries some of it, or all, again now.")


def again(again_at: object, state: str, person: str) -> str:
    """Return when something that came to nothing is tried again, and who has to ask for it."""
    if state == "replayed":
        return "It was put back: the next compile of everything tries it again."
    if again_at is None:
        return (
            "It is not tried again by itself: once the cause is gone,"
            f" `seatflow replay --person {person} --reason TEXT`."
        )
    return f"It is tried again by itself from {when(str(again_at))} on."


def _lines(each: Failure) -> list[str]:
    row = each.row
    who = f"{row.person}  {each.name}" if each.name else row.person
    tried = f", tried {count(row.tries, 'time')}" if row.tries else ""
    return [
        f"  {who}  {row.action} {row.state} {when(row.updated_at)}{tried}",
        f"    {_what(row.error, row.detail)}",
        f"    Why it was decided: {row.reason}",
        f"    {again(each.again_at, row.state, each.name or row.person)}",
    ]


def _what(error: str | None, detail: str) -> str:
    return detail if not error or error in detail else f"{detail} (It was {error}.)"


def _messages(console: Console, found: Sequence[Unreadable]) -> None:
    if not found:
        return
    title = f"{count(len(found), 'message')} that nobody could read"
    console.print(Text(title, style="bold"))
    for each in found:
        console.print(f"  {clean(each.message)}  {clean(each.reason)}")
        console.print(f"    {clean(each.body)}")


def replayed(console: Console, found: Replayed) -> None:
    """Write what was put back, and how to follow it."""
    console.print(
        f"{count(found.changes, 'change')} put back. Run {clean(found.run)} decides anew:"
        " `seatflow plans` shows what comes of it."
    )
