"""`seatflow ledger`: whether the history is whole, what it tells, and who held what when."""

from typing import Annotated

import typer

from cli.errors import NOT_IN_ORDER
from cli.flags import FlagCommand, FlagGroup
from cli.options import command
from cli.session import Session

ledger = typer.Typer(
    cls=FlagGroup, no_args_is_help=True, help="Look at the history: every decision and outcome."
)

Named = Annotated[
    str | None, typer.Argument(metavar="[BUNDLE]", help="A bundle's id; all without.")
]
OfBundle = Annotated[str | None, typer.Option("--bundle", metavar="BUNDLE", help="Of this bundle.")]
OfPerson = Annotated[
    str | None,
    typer.Option(
        "--person", metavar="PERSON", help="Of this person: an object id or user principal name."
    ),
]
OfRun = Annotated[str | None, typer.Option("--run", metavar="RUN", help="Of this run.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="From this date or moment on, in UTC."),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="DATE", help="On this date, when the day was over in UTC, or at a moment."
    ),
]
Expect = Annotated[
    str | None,
    typer.Option(
        "--expect",
        metavar="NUMBER:HASH",
        help="What was noted of this bundle before: say whether it is still so.",
    ),
]


@ledger.command("verify", cls=FlagCommand)
@command
def verify(session: Session, bundle: Named = None, expect: Expect = None) -> None:
    """Say whether the history is whole: no entry changed, missing, moved or cut off."""
    from cli.answers import understand
    from cli.answers.ledger import Verified
    from cli.render.ledger import verified as write

    query = {"bundle": bundle, "expect": expect}
    answer = session.service.ask("GET", "ledger", "verification", query=query)
    found = understand(tuple[Verified, ...], answer)
    session.show(answer, lambda console: write(console, found))
    if any(each.breaks for each in found):
        raise typer.Exit(NOT_IN_ORDER)


@ledger.command("show", cls=FlagCommand)
@command
def show(
    session: Session,
    bundle: OfBundle = None,
    person: OfPerson = None,
    run: OfRun = None,
    since: Since = None,
) -> None:
    """Show what was decided and what became of it, and why: the newest thousand lines."""
    from cli.answers import understand
    from cli.answers.ledger import History
    from cli.render.ledger import history as write

    query = {"bundle": bundle, "person": person, "run": run, "since": since}
    answer = session.service.ask("GET", "ledger", "history", query=query)
    found = understand(History, answer)
    session.show(answer, lambda console: write(console, found))


@ledger.command("held", cls=FlagCommand)
@command
def held(session: Session, on: On = None, bundle: OfBundle = None, person: OfPerson = None) -> None:
    """Say who held what on a past date, since when and why; now, without a date."""
    from cli.answers import understand
    from cli.answers.ledger import HeldOn
    from cli.render.ledger import held as write

    query = {"on": on, "bundle": bundle, "person": person}
    answer = session.service.ask("GET", "ledger", "holders", query=query)
    found = understand(HeldOn, answer)
    session.show(answer, lambda console: write(console, found))
    if found.breaks:
        raise typer.Exit(NOT_IN_ORDER)
