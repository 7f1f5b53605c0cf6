"""Find policies that cannot be decided on what was inventoried so far."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import groups_of


def find(case: Case) -> Iterator[Finding]:
    """A warning: an attribute that a rule is the first to name is in the next inventory."""
    if case.snapshot is None:
        return
    for bundle in case.pushed:
        reason = case.undecided(bundle)
        missing = any(group not in case.snapshot.groups for _, group in groups_of(bundle))
        if reason and not missing:
            yield case.warning(bundle, reason, "policy")
