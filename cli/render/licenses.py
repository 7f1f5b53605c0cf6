"""The licenses of targets: what is to be set, and what was."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from cli.answers.licenses import Licenses
from cli.screen import clean, count


def licenses(console: Console, found: Sequence[Licenses], bundle: str | None) -> None:
    """Write for each target what is to be set, and whether it waits for a person's word.

    Args:
        bundle: the one that was asked about, or None for all.
    """
    if not found:
        of = f"The target of {bundle} hands" if bundle else "All targets hand"
        say = "the bundle says" if bundle else "their bundles say"
        console.print(clean(f"{of} out what {say}: nothing is to be set."))
    for each in found:
        _target(console, each)


def was_set(console: Console, found: Licenses) -> None:
    """Write what was set."""
    console.print(f"{clean(found.bundle)}: set, for {_members(found)}.")
    _sentences(console, found)
    console.print("Entra gives and takes it in the background, person by person.")


def _target(console: Console, each: Licenses) -> None:
    if each.held:
        heading = Text(f"{each.bundle}: HELD. {clean(each.held)}", style="red")
    else:
        heading = Text(f"{each.bundle}: set by itself at the next compile of everything.")
    console.print(heading)
    _sentences(console, each)
    console.print(f"  For {_members(each)}. Fingerprint {clean(each.fingerprint)}.")
    if each.held:
        console.print(f"  `seatflow licenses set {clean(each.bundle)}` sets exactly this.")


def _sentences(console: Console, each: Licenses) -> None:
    for sentence in each.sentences:
        console.print(f"  {clean(sentence)}")


def _members(each: Licenses) -> str:
    return count(each.holders, "member")
