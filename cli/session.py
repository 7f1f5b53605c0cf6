"""A command's session: what every command can be told, and what it is given to work with.

The options stand in front of the command or behind it, as people type them.
"""

import getpass
import inspect
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Concatenate

import typer

from cli.address import LOCAL_PORT, Address, local_address, read_address
from cli.errors import Complaint, WrongInput
from cli.service import Service

if TYPE_CHECKING:
    from rich.console import Console

type Options = Mapping[str, Any]

_LONGEST_NAME = 200

_URL = Annotated[
    str | None,
    typer.Option(
        "--url", metavar="URL", help="Where the service is. Without it, SEATFLOW_URL says so."
    ),
]
_LOCAL = Annotated[
    bool | None, typer.Option("--local", help="Speak to the local stack that `make local` started.")
]
_PORT = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=1,
        max=65535,
        help=f"Speak to the local stack on this port; {LOCAL_PORT} is the usual one.",
    ),
]
_BY = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Say who decides, where no sign-in does; on the local stack it is you.",
    ),
]
_JSON = Annotated[bool | None, typer.Option("--json", help="Print the whole answer as JSON.")]

_SHOWN = {"json": _JSON}
_CONNECTION = {"url": _URL, "local": _LOCAL, "port": _PORT, "by": _BY}


@dataclass(frozen=True)
class Session:
    """What a command works with."""

    options: Options
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def json(self) -> bool:
        """Whether the answer is to be printed as JSON."""
        return bool(self.options.get("json"))

    @cached_property
    def service(self) -> Service:
        """The service that the options name.

        Raises:
            WrongInput: they name none, or two.
        """
        address = self._address()
        local = self._is_local()
        return Service(
            address,
            by=_name(self.options.get("by") or (getpass.getuser() if local else "")),
            key="" if local else self.environment.get("SEATFLOW_KEY", "").strip(),
            scope="" if local else self.environment.get("SEATFLOW_SCOPE", "").strip(),
            say=self.say,
        )

    def _is_local(self) -> bool:
        return bool(self.options.get("local") or self.options.get("port"))

    def _address(self) -> Address:
        url = self.options.get("url")
        if self._is_local():
            if url:
                raise WrongInput("--url and --local name two services. Give one of them.")
            return local_address(self.options.get("port") or LOCAL_PORT)
        url = url or self.environment.get("SEATFLOW_URL", "").strip()
        if not url:
            raise WrongInput("Which service? Give --url or --local, or set SEATFLOW_URL.")
        return read_address(url)

    @cached_property
    def console(self) -> "Console":
        """Standard output."""
        from cli.screen import screen

        return screen()

    def show(self, answer: Any, render: Callable[["Console"], None]) -> None:
        """Show an answer: as it came where JSON is asked for, else rendered for people."""
        if self.json:
            write_json(answer)
        else:
            render(self.console)

    def say(self, sentence: str) -> None:
        """Tell the person something that is no part of the answer."""
        typer.echo(sentence, err=True)


def write_json(answer: Any) -> None:
    """Write a value to standard output as a JSON document."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def _name(text: str) -> str:
    name = text.strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise WrongInput(f"--by takes a name, one line of {_LONGEST_NAME} characters at most.")
    return name


def local_command[**P](
    function: Callable[Concatenate[Session, P], None],
) -> Callable[..., None]:
    """Make a command that needs no service."""
    return _command(function, _SHOWN)


def command[**P](function: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """Make a command that speaks to a service."""
    return _command(function, _CONNECTION | _SHOWN)


def remember(function: Callable[..., None]) -> Callable[..., None]:
    """Make the callback that keeps what is said in front of every command."""

    def keep(ctx: typer.Context, **options: Any) -> None:
        ctx.obj = options

    return _with_options(keep, [_context()], _CONNECTION | _SHOWN, function)


def _command(function: Callable[..., None], options: Options) -> Callable[..., None]:
    """Add options to a command's own parameters, and say its complaints as sentences."""

    def run(ctx: typer.Context, **given: Any) -> None:
        before: Options = ctx.find_root().obj or {}
        said = {name: given.pop(name) for name in options}
        merged = {name: said.get(name) or value for name, value in {**said, **before}.items()}
        try:
            function(Session(merged), **given)
        except Complaint as complaint:
            typer.echo(f"seatflow: {complaint}", err=True)
            raise typer.Exit(complaint.code) from None

    _, *own = inspect.signature(function, eval_str=True).parameters.values()
    return _with_options(run, [_context(), *own], options, function)


def _context() -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter("ctx", kind, annotation=typer.Context)


def _with_options(
    run: Callable[..., None],
    own: list[inspect.Parameter],
    options: Options,
    named: Callable[..., None],
) -> Callable[..., None]:
    kind = inspect.Parameter.KEYWORD_ONLY
    more = [
        inspect.Parameter(name, kind, annotation=annotation, default=None)
        for name, annotation in options.items()
    ]
    parameters = [each.replace(kind=kind) for each in own] + more
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__name__, run.__doc__ = named.__name__, named.__doc__
    return run
