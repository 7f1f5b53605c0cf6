"""A diagnosis: what is wrong first, then what is fine."""

from rich.console import Console

from cli.answers.doctor import Diagnosis
from cli.screen import clean

_MARKS = {"error": "✗", "warning": "!", "note": "·", "fine": "✓"}


def doctor(console: Console, found: Diagnosis) -> None:
    """Write every finding; one that is not fine with where it is documented."""
    order = list(_MARKS)
    worst = len(order)
    for each in sorted(found.findings, key=lambda f: _rank(order, f.level, worst)):
        see = f" ({each.page})" if each.level in ("error", "warning") and each.page else ""
        mark = _MARKS.get(each.level, "?")
        console.print(clean(f"{mark} {each.check}: {each.sentence}{see}"))


def _rank(order: list[str], level: str, worst: int) -> int:
    return order.index(level) if level in order else worst
