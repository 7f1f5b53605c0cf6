"""Undoing a run: whose changes are turned round, who is left alone, and how to follow it."""

from rich.console import Console
from rich.text import Text

from cli.answers.undo import Undo, UndoEnded, Undoing
from cli.render.plans import people
from cli.screen import clean, count, named


def undo(console: Console, found: Undo, most: int | None) -> None:
    """Write what undoing a run comes to, by bundle, at most so many people of each kind."""
    turned = sum(len(each.turned) for each in found.bundles)
    did = "is undone" if found.run else "would be undone"
    changes = count(turned, "change")
    console.print(f"Run {clean(found.undone)} {did}: {changes} turned round.")
    for each in found.bundles:
        _bundle(console, each, found, most)
    console.print()
    if found.run:
        _follow(console, found)
    elif turned:
        console.print(
            f"Nothing is done yet: `seatflow undo {clean(found.undone)} --reason TEXT` does it."
        )
    else:
        console.print("Something newer was decided about everyone: nothing is left to undo.")


def ended(console: Console, found: UndoEnded) -> None:
    """Write that an undoing ended, and how to follow what comes of it."""
    console.print(
        f"Run {clean(found.undone)} is undone no more:"
        f" {count(found.changes, 'change')} left to policy again."
    )
    console.print(f"Run {clean(found.run)} compiles it: `seatflow plans` shows what comes of it.")


def _bundle(console: Console, each: Undoing, found: Undo, most: int | None) -> None:
    back = [one.person for one in each.turned if one.action == "revoke"]
    taken = [one.person for one in each.turned if one.action == "grant"]
    numbers = [
        f"{len(some):,} {what}"
        for some, what in (
            (back, "given back"),
            (taken, "taken back"),
            (each.decided_since, "left alone"),
        )
        if some
    ]
    console.print()
    console.print(Text(clean(f"{each.bundle}: {', '.join(numbers)}"), style="bold"))
    for title, some in (
        ("Given back to", back),
        ("Taken back from", taken),
        ("Left alone, since something newer was decided about them", each.decided_since),
    ):
        people(console, title, [(named(person, found.names), "") for person in some], most)


def _follow(console: Console, found: Undo) -> None:
    console.print(
        f"Run {clean(found.run)} compiles it, through every guard: `seatflow plans` shows what"
        " comes of it, and `seatflow release ID` sends what is held."
    )
    console.print(
        "It stays so until policy comes to the same by itself, or until"
        f" `seatflow undo {clean(found.undone)} --end`."
    )
