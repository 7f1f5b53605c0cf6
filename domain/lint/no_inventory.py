"""Say when there is nothing to compare a policy with."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Warn once."""
    if case.snapshot is not None:
        return
    why = "Offline" if case.offline else "There is no inventory yet"
    sentence = (
        f"{why}: products, service plans, groups, people and rules were not"
        " compared with the tenant, and whether service plans exclude each other is not known."
    )
    for bundle in case.pushed[:1]:
        yield case.warning(bundle, sentence)
