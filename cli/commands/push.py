"""`seatflow push`: store policy files, all of them or none."""

from cli.commands.terms import Folder
from cli.files import read_policy
from cli.options import command
from cli.session import Session


@command
def push(session: Session, folder: Folder) -> None:
    """Store the policy files of a folder: all of them, or none if one is wrong."""
    from cli.answers import understand
    from cli.answers.policy import Pushed
    from cli.render.pushed import pushed as write

    answer = session.service.ask("PUT", "bundles", body={"files": read_policy(folder)})
    pushed = understand(Pushed, answer)
    session.show(answer, lambda console: write(console, pushed))
