"""Snapshots, and what is different between two, for a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from cli.answers.inventory import (
    Changed,
    Compared,
    KeptSnapshot,
    Named,
    RowChange,
    SnapshotDiff,
)
from cli.exporting import Written
from cli.screen import clean, count, row, table, when, write_table

_KINDS = ("people", "groups", "memberships", "products")


def snapshots(console: Console, found: Sequence[KeptSnapshot]) -> None:
    """Write the snapshots that are kept."""
    if not found:
        console.print("There is no inventory yet.")
        return
    shown = table("snapshot", "so since", "until", *_KINDS, left=3)
    for each in found:
        until = when(each.seen_at or each.taken_at)
        counts = (each.counts.get(kind, 0) for kind in _KINDS)
        row(shown, each.id, when(each.taken_at), until, *counts)
    write_table(console, shown)


def exported(console: Console, written: Sequence[Written]) -> None:
    """Write which files there are now."""
    for each in written:
        files = f"  {count(each.files, 'file')}" if each.files > 1 else ""
        console.print(f"{clean(str(each.path))}{files}  of {clean(each.snapshot)}")


def compared(console: Console, found: Compared, most: int) -> None:
    """Write the numbers first, then some of the people."""
    before, after, diff = found.before, found.after, found.diff
    console.print(
        f"From {before.id} ({when(before.taken_at)}) to {after.id} ({when(after.taken_at)}):"
    )
    console.print(
        f"{count(diff.people_joined, 'person', 'people')} came, {diff.people_left:,} left,"
        f" {diff.people_changed:,} changed; {count(diff.memberships_joined, 'membership')} began,"
        f" {diff.memberships_left:,} ended."
    )
    for sentence in diff.unknown:
        console.print(clean(sentence))
    _changes(console, diff)
    _groups(console, diff, most)
    _people(console, "came", diff.joined, diff.people_joined, most)
    _people(console, "left", diff.left, diff.people_left, most)
    lines = map(_change, diff.changed[:most])
    _list(console, "changed", lines, sum(diff.changes.values()), min(most, len(diff.changed)))
    names = {each.group: each.name for each in diff.groups}
    members = (
        f"{_named(each.id, each.name)}  {'joined' if each.joined else 'left'}"
        f" {_named(each.group, names.get(each.group, ''))}"
        for each in diff.moved[:most]
    )
    moves = diff.memberships_joined + diff.memberships_left
    _list(console, "members", members, moves, min(most, len(diff.moved)))
    for kind in found.kinds:
        lines, total = map(_row_change, kind.rows[:most]), kind.new + kind.gone + kind.changed
        _list(console, kind.kind, lines, total, min(most, len(kind.rows)))


def _changes(console: Console, diff: SnapshotDiff) -> None:
    if not any(diff.changes.values()):
        return
    shown = table("attribute", "people")
    for name, number in diff.changes.items():
        if number:
            row(shown, name, number)
    console.print()
    write_table(console, shown)


def _groups(console: Console, diff: SnapshotDiff, most: int) -> None:
    if not diff.groups:
        return
    shown = table("group", "", "joined", "left", left=2)
    largest = sorted(diff.groups, key=lambda each: (-each.joined - each.left, each.group))
    for each in largest[:most]:
        row(shown, each.name or each.group, each.status, each.joined, each.left)
    console.print()
    write_table(console, shown)
    if len(largest) > most:
        console.print(f"… and {count(len(largest) - most, 'more group')}")


def _people(console: Console, title: str, people: Sequence[Named], total: int, most: int) -> None:
    lines = (_named(each.id, each.name) for each in people[:most])
    _list(console, title, lines, total, min(most, len(people)))


def _list(console: Console, title: str, lines: Iterable[str], total: int, shown: int) -> None:
    if not shown:
        return
    console.print()
    console.print(Text(title, style="bold"))
    for line in lines:
        console.print(f"  {clean(line)}")
    if total > shown:
        console.print(f"  … and {total - shown:,} more")


def _named(id: str, name: str) -> str:
    return f"{id}  {name}" if name else id


def _row_change(each: RowChange) -> str:
    cells = (
        f"{name}: {was or 'nothing'} → {each.after[name] or 'nothing'}"
        for name, was in each.before.items()
    )
    return "  ".join((" ".join(each.key), *(cells if each.before else (each.status,))))


def _change(each: Changed) -> str:
    before, after = each.before or "nothing", each.after or "nothing"
    return f"{_named(each.id, each.name)}  {each.attribute}: {before} → {after}"
