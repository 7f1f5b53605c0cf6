"""`seatflow lint`: find what is wrong or doubtful in policy files before they are pushed."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.terms import Folder
from cli.errors import NOT_IN_ORDER
from cli.files import read_policy
from cli.options import command
from cli.session import Session

Offline = Annotated[
    bool,
    typer.Option(
        "--offline",
        help="Look at the files alone, without a service: nothing is known of products and groups.",
    ),
]


@command
def lint(session: Session, folder: Folder = Path("bundles"), offline: Offline = False) -> None:
    """Say what is wrong or doubtful in a folder of policy files. Nothing is stored."""
    from cli.answers import understand
    from cli.answers.policy import Linted
    from cli.render.findings import findings

    files = read_policy(folder)
    if offline:
        answer = _offline(files)
    else:
        answer = session.service.ask("POST", "lint", body={"files": files})
    linted = understand(Linted, answer)
    session.show(answer, lambda console: findings(console, linted.findings))
    if linted.errors:
        raise typer.Exit(NOT_IN_ORDER)


def _offline(files: dict[str, str]) -> Any:
    from cli.clock import now
    from domain.errors import BundleError
    from domain.lint import lint as look_at
    from domain.lint import read_files
    from domain.tenant_policy import TenantPolicy

    try:
        candidate = read_files(files)
    except BundleError as error:
        return {"findings": [_unreadable(problem) for problem in error.problems]}
    found = look_at(candidate, None, candidate.tenant or TenantPolicy(), None, now())
    return {"findings": [asdict(finding) for finding in found]}


def _unreadable(problem: str) -> dict[str, str]:
    place, _, sentence = problem.partition(": ")
    return {"level": "error", "at": place, "code": "unreadable", "sentence": sentence}
