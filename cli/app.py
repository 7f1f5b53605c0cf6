"""The command `seatflow`, put together."""

import typer

from cli.commands.controls import controls, pause, protect, resume, unprotect
from cli.commands.decide import refuse, release
from cli.commands.doctor import doctor
from cli.commands.drift import drift
from cli.commands.explain import explain
from cli.commands.failures import failures, replay
from cli.commands.inventory import inventory
from cli.commands.ledger import ledger
from cli.commands.licenses import licenses
from cli.commands.lint import lint
from cli.commands.plans import plan, plans
from cli.commands.push import push
from cli.commands.rule import rule
from cli.commands.run import run
from cli.commands.schema import schema
from cli.commands.status import status
from cli.commands.undo import undo
from cli.commands.watches import watches
from cli.commands.whatif import whatif
from cli.flags import FlagCommand, FlagGroup
from cli.options import remember

_BEFORE, _DECIDE, _LOOK, _SWITCH = "Before a push", "Store and decide", "Look", "Switch"

_COMMANDS = {
    _BEFORE: (lint, whatif, schema),
    _DECIDE: (push, plans, release, refuse, run, undo, replay),
    _LOOK: (status, doctor, explain, failures, drift, watches),
    _SWITCH: (pause, resume, protect, unprotect, controls),
}

app = typer.Typer(
    name="seatflow",
    cls=FlagGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
@remember
def seatflow() -> None:
    """Decide who should hold which Microsoft 365 license, and look at what is done about it."""


for _panel, _commands in _COMMANDS.items():
    for _command in _commands:
        app.command(cls=FlagCommand, rich_help_panel=_panel)(_command)
app.add_typer(rule, name="rule", rich_help_panel=_BEFORE)
app.add_typer(plan, name="plan", rich_help_panel=_DECIDE)
app.add_typer(licenses, name="licenses", rich_help_panel=_DECIDE)
app.add_typer(inventory, name="inventory", rich_help_panel=_LOOK)
app.add_typer(ledger, name="ledger", rich_help_panel=_LOOK)
