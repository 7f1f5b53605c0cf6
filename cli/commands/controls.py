"""`seatflow pause`, `resume`, `protect`, `unprotect`: what people switch by hand."""

from typing import Annotated, Any

import typer

from cli.commands.terms import Person, Reason
from cli.session import Session, command

Remark = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Say why, if there is something to say.")
]


@command
def pause(session: Session, reason: Reason) -> None:
    """Stop: nothing is sent or carried out, for the whole tenant, until someone resumes."""
    _show(session, session.service.ask("PUT", "pause", body={"reason": reason}))


@command
def resume(session: Session, reason: Remark = "") -> None:
    """Go on again after a pause."""
    _show(session, session.service.ask("DELETE", "pause", body={"reason": reason}))


@command
def protect(session: Session, person: Person, reason: Reason) -> None:
    """Revoke nothing from a person, whatever policy says."""
    body = {"reason": reason}
    _show(session, session.service.ask("PUT", "people", person, "protection", body=body))


@command
def unprotect(session: Session, person: Person, reason: Remark = "") -> None:
    """Let policy decide about a person again."""
    body = {"reason": reason}
    _show(session, session.service.ask("DELETE", "people", person, "protection", body=body))


def _show(session: Session, answer: Any) -> None:
    from cli.answers import understand
    from cli.answers.status import Controls
    from cli.render.status import controls

    found = understand(Controls, answer)
    session.show(answer, lambda console: controls(console, found))
