"""What every command can be told, in front of it or behind it, as people type it.

The options are added to each command's own parameters here, and its complaints become sentences.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Concatenate

import typer

from cli.address import LOCAL_PORT
from cli.errors import BadPolicy, Complaint
from cli.session import Options, Session, write_json

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
        metavar="PORT",
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
_CERT = Annotated[
    str | None,
    typer.Option(
        "--cert",
        metavar="FILE",
        help="Show this certificate (PEM). Without it, SEATFLOW_CERTIFICATE says so.",
    ),
]
_KEY = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="Its key (PEM), if that is another file; else SEATFLOW_CERTIFICATE_KEY.",
    ),
]
_JSON = Annotated[bool | None, typer.Option("--json", help="Print the whole answer as JSON.")]

_SHOWN = {"json": _JSON}
_CONNECTION = {"url": _URL, "local": _LOCAL, "port": _PORT, "by": _BY, "cert": _CERT, "key": _KEY}


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
            # A pipeline that asks for JSON gets what is wrong with its policy as JSON, too.
            if isinstance(complaint, BadPolicy) and (
                merged["json"] or given.get("format") == "json"
            ):
                write_json({"errors": complaint.sentences})
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
