"""What a push stored."""

from rich.console import Console

from cli.answers.policy import Pushed
from cli.render.findings import findings
from cli.screen import clean, count


def pushed(console: Console, found: Pushed) -> None:
    """Write what is warned of, then which bundles have a new version."""
    if found.findings:
        findings(console, found.findings)
    for each in found.stored:
        what = "stored as" if each.changed else "unchanged at"
        console.print(f"{clean(each.id)}: {what} version {each.version}")
    changed = sum(each.changed for each in found.stored)
    tenant = f" The tenant's policy is at version {found.tenant}." if found.tenant else ""
    console.print(f"{count(len(found.stored), 'bundle')}, {changed:,} changed.{tenant}")
