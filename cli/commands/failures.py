"""`seatflow failures` and `seatflow replay`: what came to nothing, and trying it again now."""

from typing import Annotated

import typer

from cli.commands.terms import Reason
from cli.errors import WrongInput
from cli.options import command
from cli.session import Session

OfBundle = Annotated[str | None, typer.Option("--bundle", metavar="BUNDLE", help="Of this bundle.")]
People = Annotated[
    list[str] | None,
    typer.Option(
        "--person",
        metavar="PERSON",
        help="Of this person: an object id, user principal name or mail address."
        " Once for each of several.",
    ),
]
Message = Annotated[
    str | None,
    typer.Option("--message", metavar="ID", help="This message, which nobody could read."),
]
All = Annotated[bool, typer.Option("--all", help="Everything that came to nothing.")]


@command
def failures(session: Session, bundle: OfBundle = None) -> None:
    """List the changes that came to nothing, why, and when each is tried again by itself."""
    from cli.answers import understand
    from cli.answers.failures import Failures
    from cli.render.failures import failures as write

    answer = session.service.ask("GET", "failures", query={"bundle": bundle})
    found = understand(Failures, answer)
    session.show(answer, lambda console: write(console, found))


@command
def replay(
    session: Session,
    reason: Reason,
    bundle: OfBundle = None,
    person: People = None,
    message: Message = None,
    all: All = False,
) -> None:
    """Try again now what came to nothing, decided anew on what policy says now."""
    chosen = bool(bundle or person)
    if (chosen + bool(message) + all) != 1:
        raise WrongInput("Say what: --bundle or --person (or both), or --message, or --all.")
    if message:
        _message(session, message, reason)
        return
    from cli.answers import understand
    from cli.answers.failures import Replayed
    from cli.render.failures import replayed

    body = {"bundle": bundle, "people": person or [], "all": all, "reason": reason}
    answer = session.service.ask("POST", "replay", body=body)
    found = understand(Replayed, answer)
    session.show(answer, lambda console: replayed(console, found))


def _message(session: Session, message: str, reason: str) -> None:
    from cli.screen import clean

    answer = session.service.ask("POST", "messages", message, "replay", body={"reason": reason})
    said = f"Message {clean(message)} is put back. What it asks for is looked at again now."
    session.show(answer, lambda console: console.print(said))
