"""What a candidate policy would do, for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from cli.answers.policy import BundleEffect, Effect, ProductEffect
from cli.render.money import a_month, sums
from cli.screen import clean, count, listed, named, row, table, when, write_table

_BUNDLES = ("bundle", "", "entitled", "gains", "losses", "grants", "revokes", "waiting", "a month")
_PRODUCTS = ("product", "seats", "in use", "stored", "candidate", "a month")


def effect(console: Console, found: Effect, examples: int) -> None:
    """Write what would be held first, then the numbers, then some of the people."""
    console.print(f"Against the inventory of {when(found.snapshot)}. Nothing is stored or sent.")
    for bundle in found.held:
        console.print()
        console.print(Text(f"WOULD BE HELD: {bundle.bundle}", style="bold red"))
        for reason in bundle.held:
            console.print(f"  {clean(reason)}")
    console.print()
    _bundles(console, found)
    _products(console, found)
    for line in remarks(found):
        console.print(clean(line))
    for bundle in found.bundles:
        _examples(console, bundle, examples, found.names)


def _bundles(console: Console, found: Effect) -> None:
    if not found.bundles:
        console.print("It changes no bundle.")
        return
    shown = table(*_BUNDLES, left=2)
    for each in loud(found.bundles):
        row(
            shown,
            each.bundle,
            state(each),
            *(each.entitled, each.gains, each.losses, each.grants, each.revokes, each.waiting),
            a_month(each),
            style="red" if each.held else "",
        )
    write_table(console, shown)
    console.print()


def _products(console: Console, found: Effect) -> None:
    products = loud(found.products)
    if not products:
        return
    shown = table(*_PRODUCTS)
    for each in products:
        row(
            shown,
            found.called(each),
            *(each.seats, each.consumed, each.after_before, each.after),
            a_month(each),
            style="red" if _overfull(each) else "",
        )
    write_table(console, shown)
    console.print(Text(sums(found), style="bold"))
    console.print()


def _overfull(product: ProductEffect) -> bool:
    return product.after > product.seats


def state(bundle: BundleEffect) -> str:
    """Return what people must know of a bundle first: held, a dry run, or what became of it."""
    said = {"HELD": bool(bundle.held), "DRY RUN": bundle.mode == "dry-run"}
    return listed(word for word, true in said.items() if true) or bundle.status


def loud[T: (BundleEffect, ProductEffect)](found: Sequence[T]) -> list[T]:
    """Return those to which something happens."""
    return [each for each in found if not each.quiet]


def remarks(found: Effect) -> Iterator[str]:
    """Yield sentences about the bundles that are in no table."""
    if found.shown_only:
        names = listed(each.bundle for each in found.shown_only)
        yield f"DRY RUN: nothing would be sent of {names}; their numbers are not in the totals."
    for each in found.bundles:
        if each.persons not in (None, each.entitled):
            yield f"{each.bundle}: {each.entitled:,} accounts entitled, of {each.persons:,} people."
    if quiet := [each.bundle for each in found.bundles if each.quiet]:
        yield f"Concerned, and nothing happens to: {listed(quiet)}."
    if found.missing:
        yield f"Not named, so left as stored: {listed(found.missing)}."


def _examples(console: Console, bundle: BundleEffect, most: int, names: Mapping[str, str]) -> None:
    for title, total, lines in people(bundle, most):
        console.print()
        console.print(Text(f"{bundle.bundle}: {title}", style="bold"))
        for person, reason in lines:
            console.print(f"  {clean(named(person, names))}  {clean(reason)}")
        if total > len(lines):
            console.print(f"  … and {total - len(lines):,} more")


type Lines = list[tuple[str, str]]


def people(bundle: BundleEffect, most: int) -> Iterator[tuple[str, int, Lines]]:
    """Yield (what happens to them, how many they are, the first of them with the reason)."""
    if most == 0:
        return
    for action, total in (("grant", bundle.grants), ("revoke", bundle.revokes)):
        some = [(c.person, c.reason) for c in bundle.changes if c.action == action]
        if some:
            yield f"{count(total, action)}", total, some[:most]
    if bundle.waits:
        waits = [(wait.person, wait.reason) for wait in bundle.waits]
        yield f"{bundle.waiting:,} waiting", bundle.waiting, waits[:most]
    if bundle.spared:
        spared = [(each.person, f"no {each.action}: {each.reason}") for each in bundle.spared]
        yield "not done now", len(spared), spared[:most]
