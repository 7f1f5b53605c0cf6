"""`seatflow doctor`: what is wrong with what the service rests on."""

import typer

from cli.errors import NOT_IN_ORDER
from cli.options import command
from cli.session import Session


@command
def doctor(session: Session) -> None:
    """Say what is wrong with what the service rests on, with the fix; exits with 1 if it fails."""
    from cli.answers import understand
    from cli.answers.doctor import Diagnosis
    from cli.render.doctor import doctor as write

    answer = session.service.ask("GET", "doctor")
    found = understand(Diagnosis, answer)
    session.show(answer, lambda console: write(console, found))
    if not found.healthy:
        raise typer.Exit(NOT_IN_ORDER)
