"""Findings: what is wrong or doubtful in policy files, one line each, as compilers write them."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from cli.answers.policy import Finding
from cli.screen import clean, count

_STYLES = {"error": "bold red", "warning": "yellow"}


def findings(console: Console, found: Sequence[Finding]) -> None:
    """Write each finding, then how many there are of each level."""
    for each in found:
        console.print(
            Text.assemble(
                clean(f"{each.at}: " if each.at else ""),
                (each.level, _STYLES.get(each.level, "")),
                clean(f": {each.sentence} [{each.code}]"),
            )
        )
    console.print(tally(found))


def tally(found: Sequence[Finding]) -> str:
    """Return how many findings there are of each level, in a sentence."""
    errors = sum(each.level == "error" for each in found)
    warnings = len(found) - errors
    if not found:
        return "No findings."
    return f"{count(errors, 'error')}, {count(warnings, 'warning')}."
