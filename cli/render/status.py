"""How everything stands: what is switched, what is held, and the numbers per bundle."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from cli.answers.controls import Controls, Pause
from cli.answers.status import BundleStatus, Inventory, Run, Status
from cli.render.kinds import kinds
from cli.render.watches import reliances
from cli.screen import clean, count, listed, named, row, table, when, write_table

_ALWAYS = {
    "entitled": "entitled",
    "holders": "holders",
    "granted": "granted",
    "revoked": "revoked",
}
_WHERE_ANY = {
    "waiting": "waiting",
    "leaving": "leaving",
    "failed": "failed",
    "under_way": "moving",
}
"""Columns that are left out while they hold nothing but zeros."""

_NAMED = 3
"""More bundles than this are counted."""

_UNTIL = "Nothing is sent or carried out until someone resumes."


def status(console: Console, found: Status) -> None:
    """Write what people must know first, then one row per bundle, then why bundles are held."""
    _tenant(console, found)
    _bundles(console, found)
    for each in found.bundles:
        if said := _remark(each, found.mode):
            console.print(Text(clean(said), style="red" if each.held else ""))
    for each in found.bundles:
        for said in _also(each):
            console.print(f"{clean(each.id)}: {clean(said)}")
    for said in _doubted(found.bundles):
        console.print(clean(said))
    for said in _undone(found.bundles):
        console.print(clean(said))
    kinds(console, found.kinds)


def _tenant(console: Console, found: Status) -> None:
    if found.paused:
        console.print(Text(f"PAUSED {_since(found.paused)}", style="bold red"))
        console.print(_UNTIL)
    if found.mode == "dry-run":
        console.print(
            Text("DRY RUN: all is computed and shown, and nothing is sent.", style="bold")
        )
    console.print(_inventory(found.snapshot))
    if found.reading:
        began, pages = when(found.reading.began), count(found.reading.pages, "page")
        console.print(f"An inventory begun {began} is being read: {pages} so far.")
    if found.failure:
        said = f"The inventory of {when(found.failure.at)} failed. {found.failure.reason}"
        console.print(Text(clean(said), style="red"))
    if found.protected:
        console.print(f"Nothing is revoked from {count(found.protected, 'protected person')}.")
    if found.unreadable:
        unread = f"{count(found.unreadable, 'message')} could not be read by anyone."
        console.print(f"{unread} See `seatflow failures`.")

    for line in reliances(found.notifications):
        console.print(line)


def _since(pause: Pause) -> str:
    return clean(f"by {pause.by} since {when(pause.at)}: {pause.reason}")


def _inventory(found: Inventory | None) -> str:
    if found is None:
        return "There is no inventory yet: `seatflow run` takes one."
    return (
        f"Inventory of {when(found.taken_at)}: {_people(found)},"
        f" {count(found.groups, 'group')}, {count(found.memberships, 'membership')},"
        f" {count(found.products, 'product')}."
    )


def _people(found: Inventory) -> str:
    if found.humans is None:
        return count(found.people, "person", "people")
    return f"{count(found.humans, 'human')} with {count(found.people, 'account')}"


def _bundles(console: Console, found: Status) -> None:
    if not found.bundles:
        console.print("No bundles are stored: `seatflow push DIR` stores them.")
        return
    any_of = {
        name: title
        for name, title in _WHERE_ANY.items()
        if any(getattr(each, name) for each in found.bundles)
    }
    columns = _ALWAYS | any_of
    shown = table("bundle", *columns.values())
    for each in found.bundles:
        counts = (getattr(each, name) for name in columns)
        row(shown, each.id, *counts, style="red" if each.held else "")
    console.print()
    write_table(console, shown)


def _remark(bundle: BundleStatus, mode: str) -> str:
    if bundle.refused_by and bundle.held:
        return f"{bundle.id}: HELD. {bundle.reason}"
    if bundle.held:
        plan = f" See `seatflow plan show {bundle.plan}`." if bundle.plan else ""
        approved = f" Approved by {bundle.approved_by}." if bundle.approved_by else ""
        return f"{bundle.id}: HELD. {bundle.reason}{approved}{plan}"
    if bundle.mode == "dry-run" and mode != "dry-run":
        return f"{bundle.id}: dry run; nothing of it is sent."
    return ""


def _undone(bundles: Sequence[BundleStatus]) -> Iterator[str]:
    for run in sorted({run for each in bundles for run in each.undone}):
        changes = [each.undone[run] for each in bundles if run in each.undone]
        yield (
            f"Run {run} is undone: {count(sum(changes), 'change')} of"
            f" {count(len(changes), 'bundle')} turned round. `seatflow undo {run} --end` ends that."
        )


def _also(bundle: BundleStatus) -> Iterator[str]:
    if bundle.unseen_since:
        changes = count(bundle.unconfirmed, "change")
        since = when(bundle.unseen_since)
        yield f"{changes} carried out and not seen in Entra yet, the oldest since {since}."
    if bundle.licenses:
        see = f"See `seatflow licenses {bundle.id}`."
        yield f"the target's licenses wait for a person's word. {bundle.licenses} {see}"


def _doubted(bundles: Sequence[BundleStatus]) -> Iterator[str]:
    """Say each loss once; most bundles may have that of the tenant."""
    for loss in dict.fromkeys(loss for each in bundles for loss in each.doubted):
        source = "the tenant" if loss.source == "tenant" else f"group {loss.source}"
        lost = f"{source} has lost {loss.before - loss.now:,} of {loss.before:,} people"
        those = [each.id for each in bundles if loss in each.doubted]
        with_it = listed(those) if len(those) <= _NAMED else count(len(those), "bundle")
        yield f"{with_it}: {lost}, which is not believed: plans are compared with what it had."


def pause(console: Console, found: Controls) -> None:
    """Write whether all is paused."""
    if found.pause:
        console.print(f"Paused {_since(found.pause)}")
        console.print(_UNTIL)
    else:
        console.print("Not paused.")


def protected(console: Console, found: Controls) -> None:
    """Write who is protected, by whom and why."""
    if not found.protected:
        console.print("Nobody is protected.")
        return
    console.print("Protected, so nothing is revoked from them:")
    for person, why in sorted(found.protected.items()):
        who = clean(named(person, found.names))
        console.print(f"  {who}  by {clean(why.by)} {when(why.at)}: {clean(why.reason)}")


def run(console: Console, found: Run) -> None:
    """Write how a run ended, or how far it has come."""
    match found.state:
        case "done":
            what = (
                f"done: {count(found.people, 'person', 'people')},"
                f" {count(found.bundles, 'bundle')}, {count(found.changes, 'change')} sent."
            )
        case "failed":
            what = f"failed: {clean(found.reason or 'no reason given')}"
        case state:
            what = f"{clean(state)}."
    console.print(f"Run {found.id} {what}")
