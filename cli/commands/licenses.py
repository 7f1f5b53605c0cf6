"""`seatflow licenses`: what is to be set on targets, and a person's word that it be set."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import NOT_IN_ORDER, WrongInput
from cli.flags import DefaultGroup, FlagCommand
from cli.options import command
from cli.session import Session

if TYPE_CHECKING:
    from cli.answers.licenses import Licenses

licenses = typer.Typer(
    cls=DefaultGroup, help="Say what is to be set on targets: `show` may be left out."
)

Named = Annotated[
    str | None, typer.Argument(metavar="[BUNDLE]", help="A bundle's id; all without.")
]
BundleName = Annotated[str, typer.Argument(metavar="BUNDLE", help="A bundle's id.")]
OfFingerprint = Annotated[
    str | None,
    typer.Option(
        "--fingerprint", metavar="F", help="What was shown: nothing else is set, nobody is asked."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Set what there is now, without asking.")]


@licenses.command("show", cls=FlagCommand)
@command
def show(session: Session, bundle: Named = None) -> None:
    """Say what is to be set on targets so that they hand out what their bundles say."""
    from cli.render.licenses import licenses as write

    answer, found = _look(session, bundle)
    session.show(answer, lambda console: write(console, found, bundle))


@licenses.command("set", cls=FlagCommand)
@command
def set_(
    session: Session, bundle: BundleName, fingerprint: OfFingerprint = None, yes: Yes = False
) -> None:
    """Set on a target what its bundle says, exactly as it is shown."""
    from cli.answers import understand
    from cli.answers.licenses import Licenses
    from cli.render.licenses import was_set

    if fingerprint is None:
        fingerprint = _shown(session, bundle, yes)
        if fingerprint is None:
            return
    body = {"fingerprint": fingerprint}
    answer = session.service.ask("POST", "bundles", bundle, "licenses", body=body)
    found = understand(Licenses, answer)
    session.show(answer, lambda console: was_set(console, found))


def _look(session: Session, bundle: str | None) -> tuple[Any, tuple["Licenses", ...]]:
    from cli.answers import understand
    from cli.answers.licenses import Licenses

    answer = session.service.ask("GET", "licenses", query={"bundle": bundle})
    return answer, understand(tuple[Licenses, ...], answer)


def _shown(session: Session, bundle: str, yes: bool) -> str | None:
    """Show what is to be set and ask for a word on it; return its fingerprint."""
    from cli.render.licenses import licenses as write

    asks = not yes
    if asks and (session.json or not sys.stdin.isatty()):
        raise WrongInput(
            "Nobody can be asked here: give --fingerprint F as `seatflow licenses` shows it, or"
            " --yes."
        )
    answer, found = _look(session, bundle)
    if not found:
        session.show(answer, lambda console: write(console, found, bundle))
        return None
    if not session.json:
        write(session.console, found, bundle)
    if asks and not typer.confirm("Set exactly this?", err=True):
        session.say("Nothing was set.")
        raise typer.Exit(NOT_IN_ORDER)
    return found[0].fingerprint
