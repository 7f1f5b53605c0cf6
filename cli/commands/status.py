"""`seatflow status`: how everything stands."""

from cli.options import command
from cli.session import Session


@command
def status(session: Session) -> None:
    """Say how everything stands: what is paused or held, and the numbers of each bundle."""
    from cli.answers import understand
    from cli.answers.status import Status
    from cli.render.status import status as write

    answer = session.service.ask("GET", "status")
    found = understand(Status, answer)
    session.show(answer, lambda console: write(console, found))
