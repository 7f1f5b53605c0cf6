"""Change subscriptions and notifications, for people to read."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from cli.answers.watches import Reliance, Watching
from cli.screen import clean, count, row, table, when, write_table


def watches(console: Console, found: Watching) -> None:
    """Write one row per subscription, then how far notifications can be relied on."""
    if not found.possible:
        console.print("Graph has no way to notify the app: PUBLIC_URL is not set.")
    if found.watches:
        shown = table("resource", "subscription", "state", "until", "secret of", left=5)
        for each in found.watches:
            row(shown, each.resource, each.id, each.state, when(each.until), when(each.since))
        write_table(console, shown)
    elif found.possible:
        console.print("Nothing is watched yet: the timer renew_watches does it.")
    for resource, moment in sorted(found.last_told.items(), reverse=True):
        console.print(f"Last told of {clean(resource)}: {when(moment)}.")
    for line in reliances(found.notifications):
        console.print(line)


def reliances(found: Iterable[Reliance]) -> Iterator[Text]:
    """Yield a line for each kind of object that was compared, in red where it is mistrusted."""
    for each in found:
        said = f"Notifications of {clean(each.resource)}, within a day: {_compared(each)}."
        if each.mistrusted:
            said += (
                f" {each.missed_lately:.1%} WERE MISSED WITHIN AN HOUR: until that is better, an"
                " inventory is taken every minute."
            )
        yield Text(said, style="red" if each.mistrusted else "")


def _compared(each: Reliance) -> str:
    missed = f" ({each.missed / each.found:.1%})" if each.found else ""
    parts = [
        f"{each.missed:,} of {count(each.found, 'change')} missed{missed}",
        f"{each.late:,} late",
        f"{each.repeated:,} of {each.told:,} told again",
    ]
    if each.half_within is not None:
        parts.append(f"half of them within {_seconds(each.half_within)}")
    if each.most_within is not None:
        parts.append(f"95 % within {_seconds(each.most_within)}")
    return ", ".join(parts)


def _seconds(length: float) -> str:
    return f"{length:g} s" if length < 60 else f"{length / 60:g} min"
