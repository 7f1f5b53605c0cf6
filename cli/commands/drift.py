"""`seatflow drift`: who came into a target, or left it, by someone else's hand."""

from typing import Annotated

import typer

from cli.options import command
from cli.session import Session

Named = Annotated[
    str | None, typer.Argument(metavar="[BUNDLE]", help="A bundle's id; all without.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="From this date or moment on, in UTC."),
]
Found = Annotated[
    bool,
    typer.Option("--found", help="With those who were inside when Seatflow first looked."),
]


@command
def drift(
    session: Session, bundle: Named = None, since: Since = None, found: Found = False
) -> None:
    """Say who came into a target or left it by someone else's hand, when, and by whose."""
    from cli.answers import understand
    from cli.answers.ledger import History
    from cli.render.drift import drift as write

    query = {"bundle": bundle, "since": since, "found": "true" if found else None}
    answer = session.service.ask("GET", "drift", query=query)
    told = understand(History, answer)
    session.show(answer, lambda console: write(console, told))
