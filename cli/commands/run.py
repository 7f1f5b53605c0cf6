"""`seatflow run`: take an inventory and compile everything now."""

import typer

from cli.commands.terms import Wait
from cli.errors import NOT_IN_ORDER
from cli.options import command
from cli.session import Session
from cli.wait import until

_OVER = ("done", "failed")


@command
def run(session: Session, wait: Wait = False) -> None:
    """Take an inventory and compile every bundle now, instead of at the next timer."""
    from cli.answers import understand
    from cli.answers.status import Run, Started
    from cli.render.status import run as write

    answer = session.service.ask("POST", "runs", body={})
    id = understand(Started, answer).run
    if not wait:
        session.show(answer, lambda console: console.print(f"Run {id} is queued."))
        return
    answer = until(
        lambda: session.service.ask("GET", "runs", id),
        lambda seen: understand(Run, seen).state in _OVER,
        f"Run {id} is not over yet.",
    )
    found = understand(Run, answer)
    session.show(answer, lambda console: write(console, found))
    if found.state != "done":
        raise typer.Exit(NOT_IN_ORDER)
