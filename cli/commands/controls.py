"""`seatflow pause`, `resume`, `protect`, `unprotect`, `controls`: what people switch by hand."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.terms import Person, Reason
from cli.options import command
from cli.session import Session

if TYPE_CHECKING:
    from rich.console import Console

Remark = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Say why, if there is something to say.")
]


@command
def pause(session: Session, reason: Reason) -> None:
    """Stop: nothing is sent or carried out, for the whole tenant, until someone resumes."""
    _show(session, session.service.ask("PUT", "pause", body={"reason": reason}), pause=True)


@command
def resume(session: Session, reason: Remark = "") -> None:
    """Go on again after a pause."""
    _show(session, session.service.ask("DELETE", "pause", body={"reason": reason}), pause=True)


@command
def protect(session: Session, person: Person, reason: Reason) -> None:
    """Revoke nothing from a person, whatever policy says."""
    body = {"reason": reason}
    answer = session.service.ask("PUT", "people", person, "protection", body=body)
    _show(session, answer, protected=True, said=f"{person} is protected.")


@command
def unprotect(session: Session, person: Person, reason: Remark = "") -> None:
    """Let policy decide about a person again."""
    body = {"reason": reason}
    answer = session.service.ask("DELETE", "people", person, "protection", body=body)
    _show(session, answer, protected=True, said=f"{person} is not protected any more.")


@command
def controls(session: Session) -> None:
    """Say whether all is paused, and who is protected, by whom and why."""
    _show(session, session.service.ask("GET", "controls"), pause=True, protected=True)


def _show(
    session: Session,
    answer: Any,
    *,
    pause: bool = False,
    protected: bool = False,
    said: str = "",
) -> None:
    from cli.answers import understand
    from cli.answers.controls import Controls
    from cli.render import status
    from cli.screen import clean

    found = understand(Controls, answer)

    def render(console: "Console") -> None:
        if said:
            console.print(clean(said))
        if pause:
            status.pause(console, found)
        if protected:
            status.protected(console, found)

    session.show(answer, render)
