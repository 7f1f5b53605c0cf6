"""`seatflow undo`: turn round what a run did, look at it first, or end that again."""

from typing import Annotated

import typer

from cli.errors import WrongInput
from cli.options import command
from cli.session import Session

_SHOWN = 20
"""People of each kind, unless all are asked for."""

RunId = Annotated[
    str,
    typer.Argument(metavar="RUN", help="The id of the run, as plans and the history name it."),
]
Because = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Say why, for people to read.")
]
Preview = Annotated[
    bool, typer.Option("--preview", help="Only say what it would come to; nothing is stored.")
]
End = Annotated[
    bool,
    typer.Option("--end", help="Leave those for whom the run was undone to policy again."),
]
All = Annotated[
    bool, typer.Option("--all", help=f"Name everyone, and not only the first {_SHOWN}.")
]


@command
def undo(
    session: Session,
    run: RunId,
    reason: Because = "",
    preview: Preview = False,
    end: End = False,
    all: All = False,
) -> None:
    """Turn round what a run did, through the same guards as any plan."""
    if preview and end:
        raise WrongInput("--preview looks at an undoing, and --end ends one. Give one of them.")
    if end:
        _end(session, run, reason)
        return
    if not (preview or reason):
        raise WrongInput("Say why: --reason TEXT. With --preview nothing is done, only shown.")
    from cli.answers import understand
    from cli.answers.undo import Undo
    from cli.render.undo import undo as write

    body = None if preview else {"reason": reason}
    answer = session.service.ask("GET" if preview else "POST", "runs", run, "undo", body=body)
    found = understand(Undo, answer)
    session.show(answer, lambda console: write(console, found, None if all else _SHOWN))


def _end(session: Session, run: str, reason: str) -> None:
    from cli.answers import understand
    from cli.answers.undo import UndoEnded
    from cli.render.undo import ended

    answer = session.service.ask("DELETE", "runs", run, "undo", body={"reason": reason})
    found = understand(UndoEnded, answer)
    session.show(answer, lambda console: ended(console, found))
