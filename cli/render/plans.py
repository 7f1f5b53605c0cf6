"""Plans: the list of them, one in full, and what was decided about it."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from cli.answers.plans import Plan
from cli.screen import clean, count, named, when

_STYLES = {"held": "bold red", "refused": "red", "released": "yellow", "dry-run": "cyan"}

_DECIDED = {"released": "Released", "sent": "Released", "refused": "Refused"}


def plans(console: Console, found: Sequence[Plan]) -> None:
    """Write some lines for each plan, newest first: no table would leave room for the ids."""
    if not found:
        console.print("There are no such plans.")
    for each in found:
        state = each.state.upper() if each.state in _STYLES else each.state
        console.print(Text.assemble((f"{state:9}", _STYLES.get(each.state, "")), clean(each.id)))
        console.print(f"  {when(each.at)}: {_counts(each)}")
        for line in _reasons(each):
            console.print(clean(line))


def _counts(found: Plan) -> str:
    waiting = f", {found.waits:,} waiting" if found.waits else ""
    leaving = f", {found.leaves:,} in grace" if found.leaves else ""
    grants, revokes = count(found.grants, "grant"), count(found.revokes, "revoke")
    return f"{grants}, {revokes}{waiting}{leaving}"


def plan(console: Console, found: Plan, most: int | None) -> None:
    """Write one plan with the people it concerns, at most so many of each kind."""
    head = Text.assemble(
        f"{found.id}: ", (found.state.upper(), _STYLES.get(found.state, "bold")), f" {found.bundle}"
    )
    console.print(head)
    for line in (*_reasons(found), *_numbers(found)):
        console.print(clean(line))
    for title, some in _concerned(found):
        concerned = [(named(person, found.names), reason) for person, reason in some]
        people(console, title, concerned, most)


def _concerned(found: Plan) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what happens to people, and to whom with the reason."""
    for action in ("revoke", "grant"):
        changes = [(c.person, c.reason) for c in found.changes if c.action == action]
        yield count(len(changes), action), changes
    waiting = [(w.person, f"since {when(w.since)}: {w.reason}") for w in found.waiting]
    yield f"{len(waiting):,} waiting for a seat", waiting
    leaving = [(w.person, f"since {when(w.since)}: {w.reason}") for w in found.leaving]
    yield f"{len(leaving):,} in grace, keeping it for a while", leaving
    spared = [(s.person, f"no {s.action}: {s.reason}") for s in found.spared]
    yield f"{len(spared):,} asked for and not done now", spared


def _reasons(found: Plan) -> list[str]:
    lines = [f"  {reason}" for reason in found.held]
    if found.state == "held" and not found.releasable:
        lines.append("  No approval can send it: the cause has to go first.")
    if found.decided_by:
        because = f": {found.decided_because}" if found.decided_because else "."
        lines.append(
            f"  {_DECIDED.get(found.state, 'Last decided')} by {found.decided_by}{because}"
        )
    return lines


def _numbers(found: Plan) -> list[str]:
    return [
        f"  Decided {when(found.at)} in run {found.run}, for target {found.target}.",
        f"  {found.entitled:,} entitled, {found.holders:,} holders; {count(found.grants, 'grant')},"
        f" {count(found.revokes, 'revoke')}; {found.kept:,} kept as found.",
        f"  Fingerprint {found.fingerprint}.",
    ]


def people(
    console: Console, title: str, concerned: Sequence[tuple[str, str]], most: int | None
) -> None:
    """Write people under a title, each with what is said of her; at most so many, or everyone."""
    if not concerned:
        return
    console.print()
    console.print(Text(f"{title}:", style="bold"))
    for person, reason in concerned[:most]:
        console.print(f"  {clean(person)}  {clean(reason)}".rstrip())
    if most is not None and len(concerned) > most:
        console.print(f"  … and {len(concerned) - most:,} more; --all shows everyone")


def decided(console: Console, found: Plan) -> None:
    """Write what was decided about a plan, and what follows."""
    by = f" by {clean(found.decided_by)}" if found.decided_by else ""
    match found.state:
        case "released":
            follows = "The next compile sends it, if it still comes to the same changes."
        case "refused":
            follows = "It is not sent until it comes out differently."
        case "sent":
            follows = (
                f"{count(found.grants, 'grant')}, {count(found.revokes, 'revoke')} on their way."
            )
        case "void":
            follows = "A newer compile came to something else: look at the newest plan."
        case _:
            follows = clean(found.decided_because)
    console.print(f"{found.id} ({clean(found.bundle)}): {found.state}{by}. {follows}".rstrip())
