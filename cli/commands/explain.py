"""`seatflow explain`: why a person has a bundle, or has not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.terms import Person
from cli.errors import WrongInput
from cli.options import command
from cli.session import Session

if TYPE_CHECKING:
    from cli.answers.people import Standing

Named = Annotated[
    str | None,
    typer.Argument(
        metavar="[BUNDLE]", help="A bundle's id, or a part of its id or name that no other has."
    ),
]


@command
def explain(session: Session, person: Person, bundle: Named = None) -> None:
    """Say why a person has a bundle or has not, read afresh, with the rule clause by clause."""
    from cli.answers import understand
    from cli.answers.people import Explanation
    from cli.render.explanation import explanation as write

    answer = session.service.ask("GET", "people", person)
    found = understand(Explanation, answer)
    if bundle is not None:
        meant = _meant(bundle, found.bundles)
        found = found.model_copy(update={"bundles": (meant,)})
        answer["bundles"] = [each for each in answer["bundles"] if each["bundle"] == meant.bundle]
    asked = bundle is not None
    session.show(answer, lambda console: write(console, person, found, asked))


def _meant(name: str, standings: Sequence["Standing"]) -> "Standing":
    part = name.lower()
    exact = [each for each in standings if each.bundle == part]
    alike = [each for each in standings if part in f"{each.bundle}\n{each.name}".lower()]
    match exact or alike:
        case [one]:
            return one
        case []:
            stored = ", ".join(each.bundle for each in standings) or "none"
            raise WrongInput(f"There is no bundle {name!r}. Stored are: {stored}.")
        case several:
            names = ", ".join(each.bundle for each in several)
            raise WrongInput(f"{name!r} may mean several bundles: {names}. Name one of them.")
