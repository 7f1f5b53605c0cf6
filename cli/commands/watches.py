"""`seatflow watches`: the change subscriptions, and how far notifications can be relied on."""

from cli.options import command
from cli.session import Session


@command
def watches(session: Session) -> None:
    """Say how the change subscriptions at Graph stand, and how many changes they missed."""
    from cli.answers import understand
    from cli.answers.watches import Watching
    from cli.render.watches import watches as write

    answer = session.service.ask("GET", "watches")
    found = understand(Watching, answer)
    session.show(answer, lambda console: write(console, found))
