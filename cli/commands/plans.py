"""`seatflow plans` and `seatflow plan show`: what was decided, and what waits for a decision."""

from typing import Annotated

import typer

from cli.commands.terms import PlanId
from cli.flags import FlagCommand, FlagGroup
from cli.options import command
from cli.session import Session

plan = typer.Typer(cls=FlagGroup, no_args_is_help=True, help="Look at one plan.")

_SHOWN = 20
"""People of each kind, unless all are asked for."""

OfBundle = Annotated[
    str | None, typer.Option("--bundle", metavar="BUNDLE", help="List the plans of this bundle.")
]
InState = Annotated[
    str | None,
    typer.Option("--state", metavar="STATE", help="List the plans in this state, such as held."),
]
All = Annotated[
    bool, typer.Option("--all", help=f"Name everyone, and not only the first {_SHOWN}.")
]


@command
def plans(session: Session, bundle: OfBundle = None, state: InState = None) -> None:
    """List the newest plans, newest first, and say why those held are."""
    from cli.answers import understand
    from cli.answers.plans import Plan
    from cli.render.plans import plans as write

    answer = session.service.ask("GET", "plans", query={"bundle": bundle, "state": state})
    found = understand(tuple[Plan, ...], answer)
    session.show(answer, lambda console: write(console, found))


@plan.command("show", cls=FlagCommand)
@command
def show(session: Session, id: PlanId, all: All = False) -> None:
    """Show one plan: its changes, who waits, who is spared, and why."""
    from cli.answers import understand
    from cli.answers.plans import Plan
    from cli.render.plans import plan as write

    answer = session.service.ask("GET", "plans", id)
    found = understand(Plan, answer)
    session.show(answer, lambda console: write(console, found, None if all else _SHOWN))
