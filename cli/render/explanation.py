"""Why a person has a bundle, or has not: in plain words first, then the rule clause by clause."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from cli.answers.people import Accounts, Clause, Explanation, Standing
from cli.render.delay import delay, lost
from cli.render.verdict import concerned, verdict
from cli.screen import clean, listed, when


def explanation(console: Console, person: str, found: Explanation, asked: bool) -> None:
    """Write the verdict on each bundle, then the clauses that lead to it.

    Args:
        person: as she was asked for.
        asked: the bundle was named, so it is shown even if she has nothing to do with it.
    """
    shown = [each for each in found.bundles if asked or concerned(each)]
    rest = [each for each in found.bundles if each not in shown]
    for each in shown:
        console.print(_headline(person, each))
    if not shown:
        console.print(f"{clean(person)} has no bundle, and is entitled to none.")
    console.print()
    for line in _facts(found, person):
        console.print(clean(line))
    for each in shown:
        _details(console, person, found, each)
    _rest(console, rest)


def _rest(console: Console, standings: Sequence[Standing]) -> None:
    """Write of what does not concern her now what she lost, and name the others."""
    if standings:
        console.print()
    for said in filter(None, map(lost, standings)):
        console.print(said)
    if others := [each.bundle for each in standings if not lost(each)]:
        console.print(f"Neither held nor entitled: {clean(listed(others))}.")


def _headline(person: str, standing: Standing) -> Text:
    has = standing.holds and not standing.unlicensed
    mark, style = ("✓", "green") if has else ("✗", "yellow")
    said = verdict(standing)
    return Text.assemble((f"{mark} ", style), clean(f"{person} {said}"))


def _facts(found: Explanation, person: str) -> Iterator[str]:
    named = "" if person.lower() == found.id else f"Object id {found.id}. "
    yield f"{named}Read afresh at {when(found.read_at)}."
    if found.protected:
        by, at, reason = found.protected.by, when(found.protected.at), found.protected.reason
        yield f"Protected by {by} since {at}, so nothing is revoked: {reason}"
    if found.products:
        yield f"Licenses by any route: {listed(_called(one, found) for one in found.products)}."
    else:
        yield "No license by any route."
    if found.accounts:
        yield from _accounts(found.accounts)


def _called(part_number: str, found: Explanation) -> str:
    name = found.product_names.get(part_number)
    return f"{name} ({part_number})" if name else part_number


def _accounts(accounts: Accounts) -> Iterator[str]:
    if accounts.unknown:
        yield f"Other accounts: {accounts.unknown}."
        return
    for other in accounts.others:
        first = ", the primary one" if other.primary else ""
        yield f"Another account of the same person, by {other.by}: {other.name or other.id}{first}."
    if accounts.others:
        yield "This is the primary account." if accounts.primary else "This is not the primary one."


def _details(console: Console, person: str, found: Explanation, standing: Standing) -> None:
    lines = [*delay(person, found, standing), *_last(standing)]
    if not lines and not standing.clauses:
        return
    console.print()
    console.print(Text(clean(f"{standing.bundle} ({standing.name})"), style="bold"))
    for line in lines:
        console.print(f"  {clean(line)}")
    for clause in standing.clauses:
        console.print(_tree(clause))


def _last(standing: Standing) -> Iterator[str]:
    if last := standing.last_decision:
        plan = f", plan {last.plan}" if last.plan else ""
        yield f"Last decision: {last.action}, {last.state} {when(last.updated_at)}{plan}."
        yield f"  Why: {last.reason}"
        if last.detail:
            yield f"  Since then: {last.detail}"
    elif standing.holds and standing.entitled:
        yield "Seatflow did not grant it: no decision about this person is recorded."


def _tree(clause: Clause) -> Tree:
    tree = Tree(_label(clause), guide_style="dim")
    _grow(tree, clause.parts)
    return tree


def _grow(tree: Tree, parts: Sequence[Clause]) -> None:
    for part in parts:
        _grow(tree.add(_label(part)), part.parts)


def _label(clause: Clause) -> Text:
    mark, style = ("✓", "green") if clause.met else ("✗", "red")
    text = " ".join(clean(clause.text).split())
    label = Text.assemble((f"{mark} ", style), text)
    if clause.found:
        label.append(f"  ({clean(clause.found)})", style="dim")
    return label
