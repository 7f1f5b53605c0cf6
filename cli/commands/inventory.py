"""`seatflow inventory`: the snapshots that are kept, as files, and what changed between two."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.flags import FlagCommand, FlagGroup
from cli.options import command
from cli.session import Session

inventory = typer.Typer(
    cls=FlagGroup, no_args_is_help=True, help="Look at what was inventoried, now and before."
)

_NAMED = "A snapshot's id, `latest`, or a date or moment: then the last one until then."

Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="A kind of facts, such as people; all without."),
]
AsFormat = Annotated[
    Literal["parquet", "csv"], typer.Option("--format", help="How files are written.")
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")]
OfSnapshot = Annotated[str, typer.Option("--snapshot", metavar="SNAPSHOT", help=_NAMED)]
Before = Annotated[str, typer.Argument(metavar="A", help=_NAMED)]
After = Annotated[str, typer.Argument(metavar="[B]", help="The same; the latest without it.")]
Attributes = Annotated[
    list[str] | None,
    typer.Option(
        "--attribute", metavar="NAME", help="An attribute to compare, as rules name it; several."
    ),
]
OfGroup = Annotated[
    str | None, typer.Option("--group", metavar="ID", help="Compare this group's members alone.")
]
Examples = Annotated[
    int, typer.Option("--examples", metavar="N", min=0, help="So many people of each kind.")
]


@inventory.command("list", cls=FlagCommand)
@command
def list_snapshots(session: Session) -> None:
    """List the snapshots that are kept, newest first."""
    from cli.answers import understand
    from cli.answers.inventory import KeptSnapshot
    from cli.render.inventory import snapshots as write

    answer = session.service.ask("GET", "inventory", "snapshots")
    found = understand(tuple[KeptSnapshot, ...], answer)
    session.show(answer, lambda console: write(console, found))


@inventory.command("export", cls=FlagCommand)
@command
def export(
    session: Session,
    kind: Kinds = None,
    format: AsFormat = "parquet",
    out: Out = Path("inventory"),
    snapshot: OfSnapshot = "latest",
) -> None:
    """Write what was inventoried into a folder, for Power BI, Excel and others."""
    from cli.exporting import export_all
    from cli.render.inventory import exported as write

    written = export_all(session.service, kind or (), format, out, snapshot, session.say)
    answer = [each.shown() for each in written]
    session.show(answer, lambda console: write(console, written))


@inventory.command("diff", cls=FlagCommand)
@command
def diff(
    session: Session,
    before: Before,
    after: After = "latest",
    attribute: Attributes = None,
    group: OfGroup = None,
    examples: Examples = 20,
) -> None:
    """Say who came, left and changed from one snapshot to another, and how memberships did."""
    from cli.answers import understand
    from cli.answers.inventory import Compared
    from cli.render.inventory import compared as write

    query = {"after": after, "attributes": ",".join(attribute or ()) or None, "group": group}
    answer = session.service.ask("GET", "inventory", "diff", before, query=query)
    found = understand(Compared, answer)
    session.show(answer, lambda console: write(console, found, examples))
