"""`seatflow whatif`: what a candidate policy would do against the latest inventory."""

from enum import StrEnum
from typing import Annotated

import typer

from cli.commands.terms import Folder
from cli.errors import NOT_IN_ORDER
from cli.files import read_policy
from cli.options import command
from cli.session import Session, write_json


class Format(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


How = Annotated[
    Format,
    typer.Option("--format", help="Write it for a terminal, a pull request, or a program."),
]
FailOnHeld = Annotated[
    bool, typer.Option("--fail-on-held", help="Exit with 1 if a plan would be held.")
]
Examples = Annotated[
    int,
    typer.Option(
        "--examples", min=0, metavar="N", help="Name at most so many people of each kind."
    ),
]


@command
def whatif(
    session: Session,
    folder: Folder,
    format: How = Format.TEXT,
    fail_on_held: FailOnHeld = False,
    examples: Examples = 5,
) -> None:
    """Say what a folder of policy files would change if it were pushed now. Nothing is stored."""
    from cli.answers import understand
    from cli.answers.policy import Effect

    answer = session.service.ask("POST", "whatif", body={"files": read_policy(folder)})
    effect = understand(Effect, answer)
    if session.json or format is Format.JSON:
        write_json(answer)
    elif format is Format.MARKDOWN:
        from cli.render.effect_markdown import effect_markdown

        typer.echo(effect_markdown(effect, examples), nl=False)
    else:
        from cli.render.effect import effect as write

        write(session.console, effect, examples)
    if fail_on_held and effect.held:
        raise typer.Exit(NOT_IN_ORDER)
