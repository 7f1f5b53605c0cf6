"""`seatflow rule eval`: try a rule on people before it is pushed. All of it happens here."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from cli.errors import NOT_IN_ORDER, WrongInput
from cli.files import name_of, read_json
from cli.flags import FlagCommand, FlagGroup
from cli.options import local_command
from cli.session import Session

rule = typer.Typer(
    cls=FlagGroup, no_args_is_help=True, help="Try a rule on this machine, without a service."
)

RuleText = Annotated[
    str | None, typer.Argument(metavar="RULE", help="The rule, as the Entra portal shows it.")
]
PersonFile = Annotated[
    str | None,
    typer.Option(
        "--person", metavar="FILE", help="A user as Graph returns one, in a JSON file, or - for it."
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="ID", help="A group the person is in; give it once for each."),
]
Now = Annotated[
    str | None,
    typer.Option("--now", metavar="ISO", help="What system.now means; this moment without it."),
]
CasesFile = Annotated[
    str | None,
    typer.Option(
        "--cases",
        metavar="FILE",
        help="A JSON list of {id, rule, user, groups, now}; one JSON line is printed for each.",
    ),
]

# A rule may begin with -not; no option of this command is spelled with one hyphen.
_LENIENT = {"ignore_unknown_options": True}


@rule.command("eval", cls=FlagCommand, context_settings=_LENIENT)
@local_command
def eval_rule(
    session: Session,
    text: RuleText = None,
    person: PersonFile = None,
    group: Groups = None,
    now: Now = None,
    cases: CasesFile = None,
) -> None:
    """Say whether a person meets a rule, or evaluate many cases of a file."""
    if cases is not None:
        if text or person or group or now:
            raise WrongInput("--cases stands alone: the file says rule, user, groups and now.")
        _evaluate_all(cases)
        return
    if text is None or person is None:
        raise WrongInput("Give RULE and --person FILE, or --cases FILE.")
    moment = _moment(now)
    case = {"rule": text, "user": _person(person), "groups": group or []}
    _show(session, *_tried(case, moment, name_of(person)))


def _evaluate_all(file: str) -> None:
    given = read_json(file)
    if not isinstance(given, list):
        raise WrongInput(f"{name_of(file)} has to be a JSON list of cases.")
    for case in given:
        typer.echo(json.dumps(_evaluate(case)))


def _evaluate(case: Mapping[str, Any]) -> dict[str, Any]:
    from cli.clock import now
    from domain.rule.cases import evaluate_case

    return evaluate_case(case, now())


def _moment(text: str | None) -> datetime:
    from cli.clock import now
    from domain.rule.dates import instant

    found = now() if text is None else instant(text)
    if found is None:
        raise WrongInput(f"--now {text!r} is no moment such as 2026-11-22T09:00:00Z.")
    return found


def _person(file: str) -> Mapping[str, Any]:
    user = read_json(file)
    name = name_of(file)
    if isinstance(user, list) or (isinstance(user, dict) and isinstance(user.get("value"), list)):
        raise WrongInput(f"{name} is a list of users. Give one of them alone, without the list.")
    if not isinstance(user, dict):
        raise WrongInput(f"{name} has to be a JSON object: a user as Graph returns one.")
    return user


def _tried(case: Mapping[str, Any], now: datetime, file: str) -> tuple[bool | None, str]:
    """Return whether the person meets the rule, or None and why nobody can say."""
    from domain.errors import Held, RuleError
    from domain.rule.cases import Malformed, evaluate

    try:
        return evaluate(case, now), ""
    except (RuleError, Held) as error:
        return None, str(error)
    except Malformed as error:
        raise WrongInput(f"{file} is no user as Graph returns one. {error}") from None


def _show(session: Session, met: bool | None, message: str) -> None:
    if session.json:
        result = "error" if met is None else met
        session.show({"result": result, "message": message}, lambda _: None)
    elif met is not None:
        typer.echo(str(met).lower())
    if met is None:
        session.say(message)
        raise typer.Exit(NOT_IN_ORDER)
