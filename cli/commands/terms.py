"""Arguments and options that several commands take, worded once."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder with the policy, in *.yaml files.")
]
PlanId = Annotated[
    str, typer.Argument(metavar="ID", help="The id of the plan, as `seatflow plans` lists it.")
]
Person = Annotated[
    str,
    typer.Argument(metavar="PERSON", help="An object id, a user principal name or a mail address."),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Say why, for people to read.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until it is over, and say how.")]
